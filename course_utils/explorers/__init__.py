"""Explorers: pictures with controls that run the learner's own functions.

    from course_utils import explorers
    explorers.convolution(image, conv2d)

Each stands in a module of its own; `_panel` holds what they share and says what an
explorer is.
"""

from course_utils.explorers.channels import channels
from course_utils.explorers.convolution import convolution
from course_utils.explorers.difference import difference
from course_utils.explorers.gradient_descent import gradient_descent
from course_utils.explorers.graph import graph
from course_utils.explorers.logits import logits
from course_utils.explorers.mistakes import mistakes
from course_utils.explorers.normalisation import normalisation
from course_utils.explorers.receptive_field import receptive_field
from course_utils.explorers.reduction import reduction
from course_utils.explorers.ring_all_reduce import ring_all_reduce
from course_utils.explorers.tiny_network import tiny_network
from course_utils.explorers.training import training

__all__ = ["channels", "convolution", "difference", "gradient_descent", "graph"]
__all__ += ["logits", "mistakes", "normalisation", "receptive_field", "reduction"]
__all__ += ["ring_all_reduce", "tiny_network", "training"]
