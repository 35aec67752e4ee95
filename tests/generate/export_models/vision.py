"""Convolutional networks and transformers over images, of torchvision, timm and transformers."""

import torch
from torch import nn

from . import Export, Normal


class Pixels(nn.Module):
    """A model of transformers behind one tensor in and one out."""

    def __init__(self, model: nn.Module, name: str) -> None:
        super().__init__()
        self.model, self.name = model, name

    def forward(self, image):
        return self.model(pixel_values=image)[self.name]


class Single(nn.Module):
    """A model whose input has the name that all have here."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, image):
        return self.model(image)


def torchvision(name: str, **options) -> nn.Module:
    import torchvision.models

    return Single(torchvision.models.get_model(name, weights=None, **options))


def timm(name: str, **options) -> nn.Module:
    import timm as library

    return Single(library.create_model(name, pretrained=False, **options))


def tiny_swin(depths: list[int]) -> nn.Module:
    from torchvision.models.swin_transformer import SwinTransformer

    return Single(SwinTransformer([2, 2], 8, depths, [2, 4][:len(depths)], [4, 4], num_classes=10))


def tiny_swin_v2() -> nn.Module:
    from torchvision.models.swin_transformer import PatchMergingV2, SwinTransformer, SwinTransformerBlockV2

    return Single(SwinTransformer([2, 2], 8, [2, 2], [2, 4], [4, 4], num_classes=10, block=SwinTransformerBlockV2,
                                  downsample_layer=PatchMergingV2))


def tiny_vit() -> nn.Module:
    return timm("vit_tiny_patch16_224", img_size=32, patch_size=8, embed_dim=16, depth=2, num_heads=2, num_classes=10)


def tiny_deit() -> nn.Module:
    return timm("deit_tiny_distilled_patch16_224", img_size=32, patch_size=8, embed_dim=16, depth=2, num_heads=2,
                num_classes=10)


def tiny_torchvision_vit() -> nn.Module:
    from torchvision.models import VisionTransformer

    return Single(VisionTransformer(32, 8, 2, 2, 16, 32, num_classes=10))


def tiny_hf_vit() -> nn.Module:
    from transformers import ViTConfig, ViTForImageClassification

    return Pixels(ViTForImageClassification(ViTConfig(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, image_size=32, patch_size=8,
        num_labels=10)), "logits")


def clip(hidden: int, layers: int, heads: int, image: int, patch: int) -> nn.Module:
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    return Pixels(CLIPVisionModelWithProjection(CLIPVisionConfig(
        hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=4 * hidden,
        image_size=image, patch_size=patch, projection_dim=hidden)), "image_embeds")


def tiny_resnet() -> nn.Module:
    import timm as library
    from timm.models.resnet import Bottleneck

    return Single(library.models.ResNet(Bottleneck, (2, 1, 1, 1), num_classes=10, channels=(4, 4, 8, 8), stem_width=8))


def tiny_mobilenet() -> nn.Module:
    from functools import partial

    from torchvision.models.mobilenetv3 import InvertedResidualConfig, MobileNetV3

    row = partial(InvertedResidualConfig, width_mult=1.0)
    return Single(MobileNetV3([row(8, 3, 8, 8, True, "RE", 2, 1), row(8, 3, 16, 8, False, "RE", 1, 1),
                               row(8, 5, 24, 16, True, "HS", 2, 1)], 32, num_classes=10))


def tiny_efficientnet() -> nn.Module:
    from functools import partial

    from torchvision.models.efficientnet import EfficientNet, FusedMBConvConfig, MBConvConfig

    row = partial(MBConvConfig, width_mult=1.0, depth_mult=1.0)
    rows = [FusedMBConvConfig(2, 3, 1, 8, 8, 1), row(1, 3, 1, 8, 8, 1), row(4, 3, 2, 8, 16, 2)]
    return Single(EfficientNet(rows, dropout=0.1, num_classes=10, last_channel=32))


def tiny_convnext() -> nn.Module:
    from torchvision.models.convnext import CNBlockConfig, ConvNeXt

    return Single(ConvNeXt([CNBlockConfig(8, 16, 2), CNBlockConfig(16, None, 2)], num_classes=10))


def tiny_densenet() -> nn.Module:
    from torchvision.models import DenseNet

    return Single(DenseNet(growth_rate=4, block_config=(2, 2), num_init_features=8, bn_size=2, num_classes=10))


def tiny_regnet() -> nn.Module:
    return timm("regnety_002", num_classes=10)


class Superresolution(nn.Module):
    """Convolutions, bilinear upsampling to the double of whatever comes, and pixel shuffle."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.PReLU(8), nn.Conv2d(8, 8, 3, padding=1))
        self.pad, self.out = nn.ReflectionPad2d(1), nn.Conv2d(8, 12, 3)

    def forward(self, image):
        small = nn.functional.hardswish(self.body(image)) + image.mean(1, keepdim=True)
        shuffled = nn.functional.pixel_shuffle(self.out(self.pad(small)), 2)
        size = [2 * image.shape[2], 2 * image.shape[3]]
        return shuffled + nn.functional.interpolate(image, size=size, mode="bilinear", align_corners=False)


def images(name, make, size, attention=0, tiny=False, free=False, **more) -> Export:
    """`free` leaves height and width dynamic too: the length is then added to both."""
    def inputs(batch: int, length: int) -> dict:
        side = size + 2 * length if free else size
        return {"image": Normal(2)(batch, 3, side, side)}

    spatial = {0: "batch", 2: "height", 3: "width"}
    output = {0: "batch", 2: "out_height", 3: "out_width"} if name.startswith("superres") else {0: "batch"}
    axes = {"image": spatial if free else {0: "batch"}, "output": output}
    return Export(name, make, inputs, ["output"], axes, attention, tiny, **more)


EXPORTS = [
    images("resnet-tiny", tiny_resnet, 32, tiny=True),
    images("resnet-free-tiny", tiny_resnet, 32, tiny=True, free=True),
    images("mobilenet-tiny", tiny_mobilenet, 32, tiny=True),
    images("efficientnet-tiny", tiny_efficientnet, 32, tiny=True),
    images("convnext-tiny", tiny_convnext, 32, tiny=True),
    images("densenet-tiny", tiny_densenet, 32, tiny=True),
    images("superres-tiny", Superresolution, 8, tiny=True, free=True),
    images("vit-tiny", tiny_vit, 32, 2, tiny=True),
    images("vit-torchvision-tiny", tiny_torchvision_vit, 32, 2, tiny=True),
    images("vit-hf-tiny", tiny_hf_vit, 32, 2, tiny=True),
    images("deit-tiny", tiny_deit, 32, 2, tiny=True),
    images("swin-tiny", lambda: tiny_swin([2, 2]), 32, 4, tiny=True),
    images("swin-stage-tiny", lambda: tiny_swin([2]), 32, 2, tiny=True),
    images("swin2-tiny", tiny_swin_v2, 32, 4, tiny=True),
    images("clip-vision-tiny", lambda: clip(16, 2, 2, 32, 8), 32, 2, tiny=True),
    images("resnet50", lambda: torchvision("resnet50"), 224),
    images("mobilenet-v3-large", lambda: torchvision("mobilenet_v3_large"), 224),
    images("efficientnet-b0", lambda: torchvision("efficientnet_b0"), 224),
    images("convnext-t", lambda: torchvision("convnext_tiny"), 224),
    images("densenet121", lambda: torchvision("densenet121"), 224),
    images("regnet-y-400mf", lambda: torchvision("regnet_y_400mf"), 224),
    images("vit-s", lambda: timm("vit_small_patch16_224"), 224, 12),
    images("deit-s", lambda: timm("deit_small_patch16_224"), 224, 12),
    images("swin-t", lambda: torchvision("swin_t"), 224, 12),
    images("clip-vision", lambda: clip(512, 12, 8, 224, 32), 224, 12),
]
