import torch
from torch import nn

from .helper import go

class Model(nn.Module):
    pass
