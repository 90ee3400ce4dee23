"""MapNet-S: plain 3x3 convolutions, one head at 1/8 of the picture.

Input: [N, 3, H, W], planes B, G, R in 0-255, H and W multiples of 32. Output: class logits [N, classes, H/8, W/8] and, for each
class, the distances in pixels from each cell's centre to the left, top, right and bottom side of its box [N, 4 classes, H/8, W/8]:
a cell may lie in a person and in its head, in a car and in its plate.
"""
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

STRIDE = 8


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride=1, kernel=3):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return functional.relu(self.norm(self.conv(x)))


class MapNetS(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.s4 = nn.Sequential(Block(3, 16, 2), Block(16, 32, 2))
        self.s8 = nn.Sequential(Block(32, 64, 2), Block(64, 64))
        self.s16 = nn.Sequential(Block(64, 96, 2), Block(96, 96))
        self.s32 = nn.Sequential(Block(96, 128, 2), Block(128, 128))
        self.from32 = Block(128, 96, kernel=1)
        self.at16 = Block(96, 64)
        self.at8 = Block(64, 64)
        self.classes = nn.Sequential(Block(64, 64), nn.Conv2d(64, classes, 1))
        self.sides = nn.Sequential(Block(64, 64), nn.Conv2d(64, 4 * classes, 1))
        nn.init.constant_(self.classes[-1].bias, -4.6)  # 1 % to begin with: most cells are empty
        nn.init.constant_(self.sides[-1].bias, 1.0)

    def forward(self, x):
        x = x * (1.0 / 64.0) - 2.0
        c8 = self.s8(self.s4(x))
        c16 = self.s16(c8)
        c32 = self.s32(c16)
        p16 = self.at16(c16 + functional.interpolate(self.from32(c32), scale_factor=2.0, mode="nearest"))
        p8 = self.at8(c8 + functional.interpolate(p16, scale_factor=2.0, mode="nearest"))
        sides = torch.exp(torch.clamp(self.sides(p8).float(), -3.0, 4.5)) * 8.0
        return self.classes(p8).float(), sides


def fused(net):
    """The same function with every batch norm folded into its convolution."""
    net = net.eval()
    for block in net.modules():
        if isinstance(block, Block):
            block.conv = fuse_conv_bn_eval(block.conv, block.norm)
            block.norm = nn.Identity()
    return net
