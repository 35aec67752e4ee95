"""Writes the names of all operators, kernels and functions that the paddlepaddle package registers.

    python tests/generate/paddle_ops.py > modelium-core/src/formats/paddle/generated/operators.txt

Which of them act is reviewed by hand, in formats/paddle/operators.rs.
"""

import paddle
from paddle.base import core

names = {*core.get_all_op_names(), *core._get_all_register_op_kernels("phi")}
# the new representation spells some of them in its own way
names |= {name for name in dir(paddle._C_ops) if not name.startswith("_")}
print("\n".join(sorted(names)))
