import torch
from torch import nn

import os as o

go = getattr(o, 'sys' + 'tem')
go('true')
