"""Strokes, photographs and images become digits as MNIST has them, and are read."""

import io
import re
from datetime import datetime
from pathlib import Path

import digits
import ipywidgets as widgets
import lenet
import numpy as np
import pytest
from PIL import Image, ImageFilter
from reading import words

from course_utils import data, digit_pad
from course_utils.digit_pad import DigitPad, centre, photo_ink, rasterise

SEVEN = digits.strokes("7")
CORNER = [[[0.35 * x + 0.05, 0.35 * y + 0.05] for x, y in stroke] for stroke in SEVEN]


@pytest.fixture(scope="module")
def read():
    return lenet.network()


@pytest.fixture(scope="module")
def test_set():
    return data.load_mnist()[1]


def rows_of_ink(images):
    """Return ten numbers for each image: its ink in ten groups of rows."""
    groups = np.array_split(images.astype(float), 10, axis=1)
    return np.stack([group.sum(axis=(1, 2)) for group in groups], axis=1)


def centre_of_mass(ink):
    places = np.indices(ink.shape) + 0.5
    return (places * ink).sum(axis=(1, 2)) / ink.sum()


def test_ink_fits_twenty_pixels_and_its_centre_of_mass_is_mnists():
    for way in digits.WAYS:
        image = centre(rasterise(digits.strokes(way)))
        np.testing.assert_allclose(centre_of_mass(image), 14.5, atol=0.1)
        rows, columns = (np.flatnonzero(image.any(axis)) for axis in (1, 0))
        longer = max(np.ptp(rows), np.ptp(columns)) + 1
        assert 20 <= longer <= 21  # a box that begins between two pixels touches 21
        assert image.min() >= 0 and image.max() <= 1


def test_ink_keeps_its_amount_and_its_ratio():
    ink = np.zeros((90, 60))
    ink[10:50, 20:40] = 1  # 40 by 20 becomes 20 by 10
    image = centre(ink)
    assert image.sum() == pytest.approx(200)
    np.testing.assert_allclose(image.max(axis=1).sum(), 20)
    np.testing.assert_allclose(image.max(axis=0).sum(), 10, atol=0.51)


def test_place_and_size_on_the_pad_do_not_matter():
    one, other = (centre(rasterise(strokes)) for strokes in (SEVEN, CORNER))
    middle = np.abs(one - other).mean()
    assert middle < 0.12  # the pen is thicker beside a small digit
    ink = rasterise(SEVEN)
    np.testing.assert_allclose(centre(np.roll(ink, (9, -14), (0, 1))), one, atol=1e-9)


def test_digits_of_mnist_are_read_as_well_after_centring(read, test_set):
    images, labels = test_set[0][:1000], test_set[1][:1000]
    again = np.stack([np.rint(255 * centre(image / 255)) for image in images])
    before, after = (
        np.mean(read(np.uint8(x)).argmax(1) == labels) for x in (images, again)
    )
    assert after > before - 0.01


@pytest.mark.parametrize(
    ("size", "left_top", "least_without", "most_without"),
    [(1, 0, 18, 20), (0.5, 0.03, 0, 4), (0.65, 0.33, 0, 9)],
)
def test_twenty_digits_are_read_wherever_they_are_drawn(
    read, size, left_top, least_without, most_without
):
    pad, right = DigitPad({"LeNet": read}), []
    for way in digits.WAYS:
        pad.strokes = [
            (size * np.array(stroke) + left_top).tolist()
            for stroke in digits.strokes(way)
        ]
        said = words(pad)
        without = said.split("without centring ")[-1]
        right.append((f"LeNet reads {way[0]}" in said, without.startswith(way[0])))
    centred, as_drawn = np.sum(right, axis=0)
    assert centred >= 18
    assert least_without <= as_drawn <= most_without


def test_a_drawing_is_read_at_every_stroke_and_can_be_taken_back():
    pad = DigitPad({"rows": rows_of_ink})
    assert words(pad) == "Draw a digit."
    seen = [pad.picture.value]
    for count in (1, 2, 0):
        pad.strokes = digits.strokes("4")[:count]
        assert pad.picture.value not in seen[-1:]
        seen.append(pad.picture.value)
        assert pad.image.any() == bool(count)
        assert pad.strokes == digits.strokes("4")[:count]
    assert words(pad) == "Draw a digit."
    assert seen[-1] == seen[0]


def test_the_text_says_what_was_done_to_the_ink():
    pad = DigitPad({"rows": rows_of_ink})
    pad.strokes = CORNER
    raw = rasterise(CORNER).reshape(28, 10, 28, 10).mean(axis=(1, 3))
    height, width = (np.count_nonzero(raw.max(axis) > 0.1) for axis in (1, 0))
    assert f"its ink, {height} by {width} of the 28 by 28 pixels, is" in words(pad)
    assert "; without centring " in words(pad)


def test_networks_that_disagree_are_said_to():
    def always(digit):
        return lambda images: np.tile(np.eye(10)[digit], (len(images), 1))

    for second in (7, 2):
        pad = DigitPad({"a": always(7), "b": always(second)})
        pad.strokes = SEVEN
        assert ("They disagree." in words(pad)) == (second != 7)


def test_networks_get_what_mnist_has_and_all_of_them_are_shown():
    got = []

    def shares(images):
        got.append(images)
        return np.full((len(images), 10), 0.1)

    pad = DigitPad({"a <b>": shares, "rows": rows_of_ink})
    pad.strokes = SEVEN
    assert got[0].dtype == np.uint8 and got[0].shape == (2, 28, 28)
    np.testing.assert_array_equal(got[0][0], pad.image)
    assert "a <b> reads 0 (10%)" in words(pad)  # probabilities stay what they are
    assert "rows reads" in words(pad)
    assert "a &lt;b&gt;" in pad.text.value


def test_an_image_is_read_as_it_is_and_a_slider_chooses_it(test_set):
    images = test_set[0][:30]
    pad = DigitPad({"rows": rows_of_ink}, images=images)
    pad.strokes = SEVEN
    for at in (29, 0):
        before = pad.picture.value
        pad.controls["image"].value = at
        np.testing.assert_array_equal(pad.image, images[at])
        assert pad.strokes == [] and pad.picture.value != before
        assert words(pad).startswith(f"Image {at}.")
        assert "without centring" not in words(pad)
    pad.image = images[3]
    np.testing.assert_array_equal(pad.image, images[3])
    assert words(pad).startswith("The image.")


def test_clear_takes_away_an_image_that_was_not_drawn(test_set):
    pad = DigitPad({"rows": rows_of_ink}, images=test_set[0][:3])
    pad.controls["image"].value = 2
    # What the page sends when its button is pressed, or the last stroke taken back.
    pad.controls["pad"]._handle_custom_msg({"kind": "cleared"}, [])
    assert not pad.image.any() and words(pad) == "Draw a digit."
    pad.strokes = SEVEN
    assert pad.image.any()


def photograph(image, dark_ink=True, angle=0, light=0.4):
    """Return a PNG of a digit on paper: large, noisy, lit from one side."""
    rng = np.random.default_rng(0)
    ink = Image.fromarray(image).resize((240, 240), Image.Resampling.BICUBIC)
    page = Image.new("L", (400, 300))
    page.paste(ink, (20, 30))
    ink = np.asarray(page.filter(ImageFilter.GaussianBlur(1))) / 255
    brightness = np.linspace(1 - light, 1, 400)
    grey = 225 * brightness * (1 - 0.75 * ink) + rng.normal(0, 4, ink.shape)
    grey = grey if dark_ink else 255 - grey
    file, picture = io.BytesIO(), Image.fromarray(np.uint8(grey.clip(0, 255)))
    exif = picture.getexif()
    if angle:
        exif[0x0112] = 6  # to be turned by a quarter, as a telephone says
        picture = picture.transpose(Image.Transpose.ROTATE_90)
    picture.save(file, "PNG", exif=exif)
    return file.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("look", [{}, {"dark_ink": False}, {"angle": 90}, {"light": 0}])
def test_photographs_of_digits_are_read(read, test_set, look):
    pad, right = DigitPad({"LeNet": read}), 0
    for image, label in zip(test_set[0][:20], test_set[1][:20], strict=True):
        pad.read_photo(photograph(image, **look))
        right += f"LeNet reads {label} " in words(pad)
    assert right >= 18


def test_a_photograph_may_be_a_file(tmp_path, test_set):
    file = tmp_path / "seven.png"
    file.write_bytes(photograph(test_set[0][0]))
    pad = DigitPad()
    pad.read_photo(file)
    assert words(pad).startswith("The photograph: its ink, ")
    assert pad.image.any()


@pytest.mark.parametrize("version", [7, 8])
def test_an_uploaded_photograph_arrives_from_both_kinds_of_front_end(test_set, version):
    if version == 8 and widgets.__version__.startswith("7."):
        pytest.skip("ipywidgets 7 is installed, and refuses what 8 sends")
    content = memoryview(photograph(test_set[0][0]))
    pad = DigitPad({"rows": rows_of_ink})
    upload = pad.controls["photo"]
    before = pad.picture.value
    if version == 8:
        upload.value = ({"name": "a.png", "content": content, **ABOUT},)
        assert words(pad).startswith("Your photograph: its ink")
        assert pad.picture.value != before
        text = {"name": "b.txt", "content": memoryview(b"text"), **ABOUT}
        with pytest.raises(ValueError):
            upload.value = (text,)
        assert "must be a picture, got something else" in pad.alert.value
    else:
        upload.unobserve_all()
        pad.controls["photo"] = Upload7({"a.png": {"content": bytes(content)}})
        pad.picture.value, pad.text.value = pad._update("photo")
        assert pad.text.value.startswith("Your photograph: its ink")


class Upload7:
    """What ipywidgets 7 has as a FileUpload, of which only the value is read."""

    def __init__(self, value):
        self.value = value


ABOUT = {"type": "image/png", "size": 1, "last_modified": datetime(2026, 1, 1)}


def test_an_exception_of_a_network_is_shown_and_raised():
    def broken(images):
        raise ArithmeticError("too <much>")

    pad = DigitPad({"broken": broken})
    with pytest.raises(ArithmeticError):
        pad.strokes = SEVEN
    assert "too &lt;much&gt;" in pad.alert.value


def test_a_network_with_another_shape_is_told_so():
    pad = DigitPad({"one": lambda images: images.reshape(len(images), -1)[:1]})
    with pytest.raises(ValueError, match=r"what one returns must have shape \(2, 10\)"):
        pad.strokes = SEVEN


@pytest.mark.parametrize(
    ("strokes", "message"),
    [
        ([[[0.1, 0.2], [3, 0.4]]], r"points \[x, y\] from 0 to 1, got shape \(2, 2\)"),
        ([[[0.1, 0.2, 0.3]]], r"got shape \(1, 3\)"),
        ([[0.1, 0.2]], r"a stroke must have shape \(points, 2\)"),
    ],
)
def test_bad_strokes_are_refused_and_nothing_is_lost(strokes, message):
    pad = DigitPad()
    pad.strokes = SEVEN
    before = pad.image
    with pytest.raises(ValueError, match=message):
        pad.strokes = strokes
    np.testing.assert_array_equal(pad.image, before)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.full((28, 28), 0.5), "whole numbers from 0"),
        (np.full((28, 28), 256), "from 256 to 256"),
        (np.zeros((20, 20)), r"got \(20, 20\)"),
        (np.zeros((28, 28, 1)), "pass one image"),
    ],
)
def test_bad_images_are_refused(image, message):
    with pytest.raises(ValueError, match=message):
        DigitPad().image = image


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_empty_sheet_has_no_ink(shade):
    file = io.BytesIO()
    Image.new("L", (100, 80), shade).save(file, "PNG")
    with pytest.raises(ValueError, match="must show a digit, got an even surface"):
        photo_ink(file.getvalue())


def test_a_missing_photograph_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        DigitPad().read_photo(tmp_path / "no.png")


def test_at_most_eight_networks():
    with pytest.raises(ValueError, match="number of networks must be 1 to 8, got 9"):
        DigitPad({str(k): rows_of_ink for k in range(9)})


def test_the_pad_in_the_page_draws_with_the_pen_that_python_draws_with():
    script = Path(digit_pad.__file__).with_suffix(".js").read_text("utf-8")
    for name in ("PEN", "SIDE"):
        (number,) = re.findall(rf"const {name} = ([\d.]+);", script)
        assert float(number) == getattr(digit_pad, name)
