"""Tests of lesson 03 that students do not see; an example, and public as such.

Copy this file to a place outside the course's folder, change the numbers, and give it
to `python tools/editions.py assign 03 OUT --nbgrader --hidden FILE`. Each function is
worth a point. Its only argument has the name of an exercise and is the student's
function. A test asks that function and never `check`, which a student could replace.
"""

import numpy as np


def test_a_wide_step_leaves_places_out(conv2d_loop):
    """Take every third place of a ramp."""
    feature_map = conv2d_loop(np.arange(49.0).reshape(7, 7), np.eye(2), 3)
    assert np.asarray(feature_map).tolist() == [[8, 14], [50, 56]]


def test_a_kernel_as_wide_as_the_image_fits_once(output_size):
    """Slide a kernel over an image of its own size."""
    assert output_size(5, 5, 2, "VALID") == 1


def test_same_padding_rounds_up(output_size):
    """Slide with a stride that does not divide the size."""
    assert output_size(9, 3, 4, "SAME") == 3


def test_a_negative_image_keeps_its_largest_values(max_pool):
    """Pool an image without a positive number."""
    pooled = max_pool(np.array([[-4.0, -2, -9, -7], [-3, -8, -6, -5]]))
    assert np.asarray(pooled).tolist() == [[-2, -5]]


def test_kernels_of_seven(network_parameters):
    """Count the numbers with kernels of 7x7."""
    # 3,274,634 of the lesson, and 49 - 25 = 24 more numbers for each pair of maps.
    assert network_parameters(7, "SAME") == 3_274_634 + 24 * 32 + 24 * 32 * 64
