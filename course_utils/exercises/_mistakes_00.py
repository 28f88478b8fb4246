"""Wrong answers that learners give in lesson 00, and what points at their cause."""

import numpy as np

from course_utils.exercises import Mistake


def _marks_its_image(image):
    image[image > 0] = 1
    return image.mean()


INK_SHARE = [
    Mistake(
        "inverted-mask",
        lambda image: np.mean(image == 0),
        "This is the share of the paper. Which pixels have ink: those that are 0, or "
        "the others?",
    ),
    Mistake(
        "count-for-share",
        lambda image: np.sum(image > 0),
        "This counts the pixels with ink. A share is that number divided by the "
        "number of all pixels.",
    ),
    Mistake(
        "values-for-mask",
        lambda image: np.mean(image) / 255,
        "This is the mean darkness. A faint pixel has ink as much as a black one: "
        "first ask of each pixel whether it is above 0.",
    ),
    Mistake(
        "values-for-mask",
        lambda image: np.mean(image),
        "This averages the values of the pixels. Asked is how many have ink: first "
        "ask of each pixel whether it is above 0.",
    ),
    Mistake(
        "wrong-threshold",
        lambda image: np.mean(image > 127),
        "Faint ink is left out. Every pixel that is not 0 has ink, however small its "
        "value.",
    ),
    Mistake(
        "wrong-threshold",
        lambda image: np.mean(image > 1),
        "A pixel with the value 1 has ink too. Where does paper end?",
    ),
    Mistake(
        "wrong-threshold",
        lambda image: np.mean(image == 255),
        "Only fully black pixels are counted. Every pixel that is not 0 has ink.",
    ),
    Mistake(
        "wrong-threshold",
        lambda image: np.mean(image >= 0),
        "Every pixel is at least 0, paper too. Which values are ink?",
    ),
    Mistake(
        "wrong-axis",
        lambda image: np.mean(image > 0, axis=0),
        "With an axis, the mean is taken column by column. One number is asked for, "
        "over all pixels.",
    ),
    Mistake(
        "wrong-axis",
        lambda image: np.mean(image > 0, axis=1),
        "With an axis, the mean is taken row by row. One number is asked for, over "
        "all pixels.",
    ),
    Mistake(
        "no-reduction",
        lambda image: image > 0,
        "This says of each pixel whether it has ink. One number is still to be made "
        "of these answers.",
    ),
    Mistake(
        "fixed-size",
        lambda image: np.sum(image > 0) / 784,
        "This divides by 784, the size of an MNIST image. The function gets other "
        "images too: ask the image for its size.",
    ),
    Mistake(
        "changed-argument",
        _marks_its_image,
        "The share is right, but the function overwrites the image that it was given."
        " Work on a new array.",
    ),
    Mistake(
        "percent-for-share",
        lambda image: 100 * np.mean(image > 0),
        "This is a percentage. A share lies between 0 and 1.",
    ),
    Mistake(
        "wrong-divisor",
        lambda image: np.sum(image > 0) / len(image),
        "The count is divided by the number of rows, which `len` and `shape[0]` give. "
        "How many pixels are there?",
    ),
    Mistake(
        "wrong-divisor",
        lambda image: np.sum(image > 0) / np.sum(image == 0),
        "Ink is compared with paper. A share compares it with all pixels, ink and "
        "paper.",
    ),
    Mistake(
        "rows-for-pixels",
        lambda image: np.mean(np.any(image > 0, axis=1)),
        "This is the share of rows that have any ink. Pixels are to be counted.",
    ),
    Mistake(
        "axes-for-numbers",
        lambda image: len(np.nonzero(image)) / image.size,
        "`np.nonzero` gives an array of positions for each axis, so its length is "
        "always 2. How do you count the pixels?",
    ),
    Mistake(
        "inverted-fraction",
        lambda image: image.size / np.sum(image > 0),
        "The fraction stands on its head: a share is at most 1.",
    ),
]
