"""The part of the grader that a student's kernel can see: the codec, and the agent that uses it.

Nothing in this folder knows an answer, and nothing in it is trusted: the kernel's end of the
wire belongs to the student, who may replace all of it.
"""
