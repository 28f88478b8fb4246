"""The MNIST digits, bundled with the course: no network, no download."""

import hashlib
import io
from pathlib import Path

import numpy as np

MNIST_FILE = Path(__file__).with_name("mnist.npz")
MNIST_SHA256 = "06af5dfe73b70e3bc1c36439982b18a8d76803db9b544f6fdf838a37fbb01b64"
_CURE = (
    "restore it with `git checkout -- course_utils/mnist.npz` in the course's folder, "
    "or install the course again"
)


def load_mnist():
    """Return the 70,000 MNIST digits from the file that ships with the course.

    The result is the one of `tf.keras.datasets.mnist.load_data()`.

    Returns:
        `(x_train, y_train), (x_test, y_test)`, all uint8: images of shape
        (60000, 28, 28) and (10000, 28, 28) with pixels from 0 (paper) to 255 (ink),
        labels of shape (60000,) and (10000,) from 0 to 9.

    Raises:
        FileNotFoundError: the file is missing.
        ValueError: the file is not the one that the course was tested with.

    Source:
        Y. LeCun, C. Cortes, MNIST, a derivative of NIST's databases,
        CC BY-SA 3.0; see mnist.LICENSE.txt beside the file.
    """
    try:
        content = MNIST_FILE.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(
            f"the MNIST digits must lie at {MNIST_FILE}, and nothing is there: {_CURE}"
        ) from None
    digest = hashlib.sha256(content).hexdigest()
    if digest != MNIST_SHA256:
        raise ValueError(
            f"{MNIST_FILE} must have the SHA-256 {MNIST_SHA256}, got {digest} "
            f"({len(content):,} bytes): the file is damaged or changed; {_CURE}"
        )
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return (
            (arrays["x_train"], arrays["y_train"]),
            (arrays["x_test"], arrays["y_test"]),
        )
