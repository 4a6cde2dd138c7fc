"""What a student's kernel gets to see of the grader: the codec, and the agent that uses it.

Nothing in this folder knows an answer, and nothing in it is trusted: the kernel's end of the
wire belongs to the student, who may replace all of it.
"""
