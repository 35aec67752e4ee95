"""Writes the names of all operators that the tensorflow package registers, sorted by byte.

    python tests/generate/tensorflow_ops.py > modelium-core/src/scan/generated/tensorflow_operators.txt

Which of them act is reviewed by hand, in scan/tensorflow.rs.
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow  # noqa: E402, F401
from tensorflow.core.framework import op_def_pb2  # noqa: E402
from tensorflow.python.client import pywrap_tf_session  # noqa: E402

buffer = pywrap_tf_session.TF_GetAllOpList()
operators = op_def_pb2.OpList.FromString(pywrap_tf_session.TF_GetBuffer(buffer))
print("\n".join(sorted(operator.name for operator in operators.op)))
