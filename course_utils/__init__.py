"""The scenery of the course: data, plots, explorers and exercise checks.

What a learner could be asked about stands in the notebooks. Importing this package
loads neither TensorFlow nor matplotlib; import the module you need:

    from course_utils import data, doctor, plots
"""
