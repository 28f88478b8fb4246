"""Wrong answers that learners give in lesson 03 about sizes and numbers."""

from course_utils.exercises import Mistake


def _rounded_up(places, stride):
    return -(-places // stride)


def _places(size, kernel_size, padding):
    return size if padding == "SAME" else size - kernel_size + 1


OUTPUT_SIZE = [
    Mistake(
        "floor-for-ceiling",
        lambda n, k, s, p: _places(n, k, p) // s,
        "The division drops its rest. The first place is always used, so a rest is "
        "one place more: does this round up?",
    ),
    Mistake(
        "off-by-one",
        lambda n, k, s, p: _rounded_up(n if p == "SAME" else n - k, s),
        "Count the places of a window of 5 in a row of 5: there is one, and n - k "
        "gives none.",
    ),
    Mistake(
        "off-by-one",
        lambda n, k, s, p: n // s if p == "SAME" else (n - k) // s,
        "Two things at once: a window of 5 has one place in a row of 5, and both "
        "divisions round up.",
    ),
    Mistake(
        "off-by-one",
        lambda n, k, s, p: _places(n, k, p) // s + 1,
        "One too many where the division comes out even: 28 places at stride 2 are "
        "14, not 15.",
    ),
    Mistake(
        "same-for-valid",
        lambda n, k, s, p: _rounded_up(n - k + 1 if p == "SAME" else n, s),
        "'SAME' and 'VALID' are exchanged. Which of the two adds zeros, so that the "
        "kernel's size no longer matters?",
    ),
    Mistake(
        "ignored-argument",
        lambda n, k, s, p: _places(n, k, p),
        "The stride has no effect. It makes the window skip places.",
    ),
    Mistake(
        "ignored-argument",
        lambda n, k, s, p: _rounded_up(n - k + 1, s),
        "The padding has no effect: this is the rule for 'VALID' always.",
    ),
    Mistake(
        "ignored-argument",
        lambda n, k, s, p: _rounded_up(n, s),
        "The padding and the kernel have no effect: this is the rule for 'SAME' "
        "always.",
    ),
    Mistake(
        "same-keeps-size",
        lambda n, k, s, p: n if p == "SAME" else _rounded_up(n - k + 1, s),
        "'SAME' keeps the width at stride 1 only. With a larger stride it is divided "
        "as well.",
    ),
    Mistake(
        "fraction",
        lambda n, k, s, p: _places(n, k, p) / s,
        "A feature map has a whole number of places: round up.",
    ),
    Mistake(
        "rounding",
        lambda n, k, s, p: round(_places(n, k, p) / s),
        "Rounded to the nearest. The rule rounds up, however small the rest.",
    ),
    Mistake(
        "padding-size",
        lambda n, k, s, p: (
            (n + 2 * (k // 2) - k) // s + 1 if p == "SAME" else (n - k) // s + 1
        ),
        "For 'SAME' this adds half a kernel of zeros on each side, as PyTorch's "
        "padding does. TensorFlow adds just enough for `size / stride`, rounded up.",
    ),
    Mistake(
        "floor-for-ceiling",
        lambda n, k, s, p: _rounded_up(n, s) if p == "SAME" else (n - k + 1) // s,
        "For 'VALID' the division drops its rest. Both rules round up.",
    ),
    Mistake(
        "floor-for-ceiling",
        lambda n, k, s, p: n // s if p == "SAME" else _rounded_up(n - k + 1, s),
        "For 'SAME' the division drops its rest. Both rules round up.",
    ),
    Mistake(
        "wrong-order",
        lambda n, k, s, p: _rounded_up(n, s) - (p == "VALID") * (k - 1),
        "The stride divides before the kernel is taken away. The window must fit into "
        "the whole row, and the stride then skips places.",
    ),
    Mistake(
        "precedence",
        lambda n, k, s, p: (
            _rounded_up(n, s) if p == "SAME" else _rounded_up(s * (n - k) + 1, s)
        ),
        "The stride divides the 1 alone. Division comes before the sum: put brackets.",
    ),
    Mistake(
        "wrong-sign",
        lambda n, k, s, p: _rounded_up(n - (p == "VALID") * (k + 1), s),
        "Minus is spread over the brackets: `n - k + 1` is not `n - (k + 1)`.",
    ),
    Mistake(
        "area-for-side",
        lambda n, k, s, p: _rounded_up(_places(n, k, p), s) ** 2,
        "This is the number of pixels of a square map. Asked for is its width.",
    ),
]


def _counted(
    side, kernel_size, bias=True, conv2_in=32, maps=64, dense1_bias=True, dense2=True
):
    conv1 = kernel_size**2 * 32 + 32 * bias
    conv2 = kernel_size**2 * conv2_in * 64 + 64 * bias
    dense1 = side**2 * maps * 1024 + 1024 * dense1_bias
    return conv1 + conv2 + dense1 + (1024 * 10 + 10) * dense2


def _side(kernel_size, padding, up=True, pools=2):
    side = 28
    for number in range(2):
        if padding == "VALID":
            side = side - kernel_size + 1
        if number < pools:
            side = -(-side // 2) if up else side // 2
    return side


def _lost(kernel_size, padding):
    return kernel_size - 1 if padding == "VALID" else 0


NETWORK_PARAMETERS = [
    Mistake(
        "floor-for-ceiling",
        lambda k, p: _counted(_side(k, p, up=False), k),
        "For 3 and 'VALID' the last side comes out as 5, not 6. These pools pad with "
        "'SAME' and round an odd side up; and a window of 3 has n - 2 places.",
    ),
    Mistake(
        "same-for-valid",
        lambda k, p: _counted(_side(k, "SAME" if p == "VALID" else "VALID"), k),
        "'SAME' and 'VALID' are exchanged. Which of the two lets the side shrink at a"
        " convolution?",
    ),
    Mistake(
        "ignored-argument",
        lambda k, p: _counted(7, k),
        "The flat size is 7 x 7 x 64 whatever the padding is. Follow the side of the "
        "image for 'VALID'.",
    ),
    Mistake(
        "ignored-argument",
        lambda k, p: _counted(_side(k, p), 5),
        "The kernels are counted as 5x5 always. Their size is an argument.",
    ),
    Mistake(
        "forgotten-bias",
        lambda k, p: _counted(_side(k, p), k, bias=False),
        "The convolutions' biases are missing: one for each output channel.",
    ),
    Mistake(
        "forgotten-bias",
        lambda k, p: _counted(_side(k, p), k, bias=False, dense1_bias=False) - 10,
        "These are the weights alone. Each layer has its biases as well, one for each"
        " output.",
    ),
    Mistake(
        "forgotten-bias",
        lambda k, p: _counted(_side(k, p), k, dense1_bias=False) - 10,
        "The biases of the dense layers are missing: one for each unit.",
    ),
    Mistake(
        "forgotten-channels",
        lambda k, p: _counted(_side(k, p), k, conv2_in=1),
        "A kernel of `conv2` is as deep as its input. How many channels come out of "
        "`conv1`?",
    ),
    Mistake(
        "forgotten-channels",
        lambda k, p: _counted(_side(k, p), k, maps=1),
        "Flattening keeps all 64 channels, not the pixels of one map alone.",
    ),
    Mistake(
        "lost-layer",
        lambda k, p: _counted(_side(k, p), k, dense2=False),
        "The last layer, from 1024 to 10, is missing.",
    ),
    Mistake(
        "forgotten-pool",
        lambda k, p: _counted(_side(k, p, pools=1), k),
        "There are two pools, one after each convolution, and only one is counted.",
    ),
    Mistake(
        "kernel-not-squared",
        lambda k, p: (
            k * 32 + 32 + k * 32 * 64 + 64 + _side(k, p) ** 2 * 64 * 1024 + 1024 + 10250
        ),
        "A kernel has height times width numbers for each input channel.",
    ),
    Mistake(
        "fraction",
        lambda k, p: _counted(((28 - _lost(k, p)) / 2 - _lost(k, p)) / 2, k),
        "A side has a fraction: half a pixel. These pools round up.",
    ),
    Mistake(
        "one-convolution",
        lambda k, p: _counted(-(-(28 - _lost(k, p)) // 4), k),
        "The image shrinks at one convolution only. Both lose a border with 'VALID'.",
    ),
    Mistake(
        "one-bias-per-layer",
        lambda k, p: _counted(_side(k, p), k) - 32 - 64 - 1024 - 10 + 4,
        "One bias is counted for each layer. Each output of a layer has its own.",
    ),
    Mistake(
        "forgotten-bias",
        lambda k, p: _counted(_side(k, p), k) - 10,
        "The biases of the last layer are missing.",
    ),
    Mistake(
        "forgotten-bias",
        lambda k, p: _counted(_side(k, p), k) - 32,
        "The biases of `conv1` are missing.",
    ),
    Mistake(
        "forgotten-pool",
        lambda k, p: _counted(28, k),
        "The pools are left out: flattening gets small maps, not the size of the "
        "image.",
    ),
    Mistake(
        "forgotten-pool",
        lambda k, p: _counted(28 - 2 * _lost(k, p), k),
        "The pools are left out: each of them halves the side.",
    ),
    Mistake(
        "forgotten-pool",
        lambda k, p: _counted(2 * _side(k, p), k),
        "There are two pools, one after each convolution, and only one is counted.",
    ),
    Mistake(
        "lost-layer",
        lambda k, p: _counted(_side(k, p), k) - 10240,
        "The weights of the last layer are missing.",
    ),
    Mistake(
        "forgotten-channels",
        lambda k, p: _counted(_side(k, p), k, maps=32),
        "How many channels come out of the last convolution?",
    ),
    Mistake(
        "ignored-argument",
        lambda k, p: _counted(_side(k, "VALID"), k),
        "The padding has no effect: the image shrinks with 'SAME' too.",
    ),
    Mistake(
        "side-for-area",
        lambda k, p: _counted(0, k) + _side(k, p) * 64 * 1024,
        "The last maps are squares: they have side times side pixels.",
    ),
]
