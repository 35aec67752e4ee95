"""Writes the names of all operators and kernels that the paddlepaddle package registers.

    python tests/generate/paddle_ops.py > modelium-core/src/formats/paddle/generated/operators.txt

Which of them act is reviewed by hand, in formats/paddle/operators.rs.
"""

import paddle  # noqa: F401
from paddle.base import core

print("\n".join(sorted({*core.get_all_op_names(), *core._get_all_register_op_kernels("phi")})))
