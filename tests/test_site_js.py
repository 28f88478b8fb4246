"""The site's JavaScript calculates what the course's Python calculates.

Node is asked here, where it is installed; tests/browser/test_live_pages.py, which no
CI run may skip, asks Chromium the same.
"""

import json
import shutil
import subprocess

import digits
import lenet
import live_site
import numpy as np
import pytest
import tensorflow as tf
from course import NOTEBOOKS
from lesson import functions_of

from course_utils import data, digit_pad
from course_utils.explorers.convolution import KERNELS

# A question is a function in JavaScript. `use` imports a module of the site, `load`
# reads a file of it.
NODE = """
import fs from "node:fs";
import { pathToFileURL } from "node:url";
const folder = process.argv[1];
const use = (name) => import(pathToFileURL(`${folder}/${name}`));
const load = (name) => new Uint8Array(fs.readFileSync(`${folder}/${name}`)).buffer;
const given = JSON.parse(fs.readFileSync(0, "utf8"));
const question = %s;
console.log(JSON.stringify(await question({ use, load }, ...given)));
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Give a function that asks Node: (question, *given) -> answer."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node found; tests/browser asks Chromium the same")
    static = live_site.assemble(tmp_path_factory.mktemp("site"))
    (static / "package.json").write_text('{"type": "module"}')

    def ask(question, *given):
        run = subprocess.run(
            [node, "--input-type=module", "--eval", NODE % question, str(static)],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    return ask


@pytest.fixture(scope="module")
def images():
    return data.load_mnist()[1][0][:1000]


NETWORK = """
    const { makeNetwork, multiplications, prepare, unpack } = await use("lenet.js");
    const weights = unpack(await load("lenet.bin"));
    const network = makeNetwork(weights);
"""


def test_logits_are_tensorflows(ask, images):
    question = f"""async ({{ use, load }}, images) => {{ {NETWORK}
        return images.map((pixels) => [...network(prepare(pixels)).dense3.data]);
    }}"""
    logits = ask(question, images.reshape(-1, 784).tolist())
    np.testing.assert_allclose(logits, lenet.network()(images), atol=1e-4)


def test_the_maps_of_conv1_are_tensorflows(ask, images):
    question = f"""async ({{ use, load }}, pixels) => {{ {NETWORK}
        const {{ shape, data }} = network(prepare(pixels)).conv1;
        return [shape, [...data]];
    }}"""
    shape, maps = ask(question, images[0].ravel().tolist())
    numbers = np.frombuffer(lenet.TARGET.read_bytes(), "<f4")
    kernel, bias = numbers[:54].reshape(3, 3, 1, 6), numbers[54:60]
    image = images[:1, :, :, np.newaxis] / np.float32(255)
    expected = tf.nn.conv2d(image, kernel, 1, "VALID")[0] + bias
    np.testing.assert_allclose(np.reshape(maps, shape), expected, atol=1e-5)


def test_shapes_and_multiplications_are_those_of_lesson_05(ask):
    question = f"""async ({{ use, load }}) => {{ {NETWORK}
        const outputs = network(prepare(Array(784).fill(9)));
        const shapes = Object.entries(outputs).map(([name, x]) => [name, x.shape]);
        return [shapes, multiplications(weights, outputs)];
    }}"""
    shapes, count = ask(question)
    given = {"keras": tf.keras, "layers": tf.keras.layers}
    model = functions_of(lenet.NOTEBOOK, ["make_network"], **given)["make_network"]()
    expected = [[layer.name, list(layer.output.shape[1:])] for layer in model.layers]
    assert shapes == expected
    assert count == 26 * 26 * 9 * 6 + 11 * 11 * 54 * 16 + 400 * 120 + 120 * 84 + 840


def test_a_file_of_another_size_is_refused(ask):
    question = """async ({ use }, size) => {
        const { unpack } = await use("lenet.js");
        try { unpack(new ArrayBuffer(size)); } catch (error) { return error.message; }
    }"""
    for size in (240_292, 240_300):
        assert f"must hold 240296 bytes, got {size}" in ask(question, size)


def drawings():
    """Return many drawings: digits in all places and sizes, dots, lines, scribbles."""
    rng = np.random.default_rng(0)
    found = [
        [(size * np.array(stroke) + place).tolist() for stroke in digits.strokes(way)]
        for way in digits.WAYS
        for size, place in ((1, 0), (0.5, 0.03), (0.65, 0.33))
    ]
    found += [[rng.random((count, 2)).round(4).tolist()] for count in (1, 1, 2, 9, 40)]
    found += [[[[0.5, 0.2], [0.5, 0.8]]], [[[0, 0], [1, 1]]], [[[1, 1]]], []]
    return found


def test_a_drawing_gives_the_ink_that_python_draws(ask):
    some = drawings()[::5]
    question = """async ({ use }, drawings, pen) => {
        const { rasterise } = await use("ink.js");
        const rows = drawings.map((strokes) => rasterise(strokes, pen));
        return rows.map((ink) => ink.map((row) => [...row]));
    }"""
    inks = ask(question, some, digit_pad.PEN)
    assert len(some) >= 12
    for ink, strokes in zip(inks, some, strict=True):
        expected = digit_pad.rasterise(strokes)
        np.testing.assert_array_equal(ink, expected)
        assert expected.any() == bool(strokes)


def test_a_drawing_gives_the_pixels_that_the_notebooks_networks_read(ask):
    question = """async ({ use }, drawings, pen) => {
        const { centre, rasterise, shrink, toPixels } = await use("ink.js");
        return drawings.map((strokes) => {
            const ink = rasterise(strokes, pen);
            return [shrink(ink), centre(ink)].map((image) => [...toPixels(image)]);
        });
    }"""
    pairs = ask(question, drawings(), digit_pad.PEN)
    for pair, strokes in zip(pairs, drawings(), strict=True):
        # What the notebook's pad shows as drawn and centred, and hands to the networks.
        expected = digit_pad._both(digit_pad.rasterise(strokes))
        np.testing.assert_array_equal(np.reshape(pair, (2, 28, 28)), expected)


def test_any_ink_is_centred_as_in_python(ask, images):
    rng = np.random.default_rng(0)
    inks = [image / 255 for image in images[:100]]
    inks += [rng.random(shape) * (rng.random(shape) > 0.9) for shape in SHAPES]
    inks += [np.zeros((40, 30)), np.eye(300)[:200]]
    question = """async ({ use }, inks) => {
        const { centre } = await use("ink.js");
        return inks.map(centre);
    }"""
    images = ask(question, [ink.tolist() for ink in inks])
    for image, ink in zip(images, inks, strict=True):
        np.testing.assert_allclose(image, digit_pad.centre(ink), rtol=0, atol=1e-12)


SHAPES = [(28, 28), (90, 60), (60, 90), (13, 200), (280, 280), (3, 2)]


def test_halves_are_rounded_as_numpy_rounds_them(ask):
    values = np.arange(511) / 510
    question = """async ({ use }, values) => {
        const { toPixels } = await use("ink.js");
        return [...toPixels([values])];
    }"""
    assert ask(question, values.tolist()) == np.rint(255 * values).astype(int).tolist()


@pytest.fixture(scope="module")
def convolve():
    """Lesson 03's own function, which pads and calls conv2d_loop."""
    names = ["conv2d_loop", "pad_same", "convolve"]
    lesson = functions_of(NOTEBOOKS / "03_raw_cnn.ipynb", names, np=np)
    lesson["loop"] = lesson["conv2d_loop"]
    return lesson["convolve"]


def test_feature_maps_are_those_of_conv2d_loop(ask, convolve):
    rng = np.random.default_rng(0)
    image = data.load_mnist()[1][0][0] / np.float32(255)
    cases = [
        (rng.normal(size=(size, size)).astype(np.float32).tolist(), stride, padding)
        for size in range(1, 6)
        for stride in (1, 2, 3)
        for padding in ("VALID", "SAME")
    ]
    question = """async ({ use }, image, cases) => {
        const { conv2dLoop, padSame } = await use("convolution.js");
        return cases.map(([kernel, stride, padding]) => {
            const same = padding === "SAME";
            const padded = same ? padSame(image, kernel.length, stride) : image;
            return conv2dLoop(padded, kernel, stride);
        });
    }"""
    maps = ask(question, image.tolist(), cases)
    for found, (kernel, stride, padding) in zip(maps, cases, strict=True):
        expected = convolve(image, np.array(kernel, np.float32), stride, padding)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_the_named_kernels_are_those_of_the_notebooks_explorer(ask):
    question = """async ({ use }) => {
        const { KERNELS } = await use("convolution.js");
        const of = (make) => [1, 2, 3, 4, 5].map(make);
        return Object.entries(KERNELS).map(([name, make]) => [name, of(make)]);
    }"""
    found = ask(question)
    assert [name for name, _ in found] == list(KERNELS)
    for name, kernels in found:
        for size, kernel in enumerate(kernels, 1):
            np.testing.assert_array_equal(kernel, KERNELS[name](size))
