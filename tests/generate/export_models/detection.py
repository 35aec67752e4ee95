"""Detectors of torchvision, whose graphs hold non-maximum suppression and sizes that only a run can tell."""

import torch
from torch import nn

from . import Export, Normal

OUTPUTS = ["boxes", "scores", "labels"]


class Detector(nn.Module):
    """One image in; boxes `[found, 4]`, scores and labels `[found]` out."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, image):
        found = self.model([image])[0]
        return tuple(found[name] for name in OUTPUTS)


def ssdlite() -> nn.Module:
    from torchvision.models.detection import ssdlite320_mobilenet_v3_large

    return Detector(ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=5,
                                                  topk_candidates=30, detections_per_img=20))


def faster_rcnn() -> nn.Module:
    from torchvision.models.detection import fasterrcnn_mobilenet_v3_large_320_fpn

    return Detector(fasterrcnn_mobilenet_v3_large_320_fpn(weights=None, weights_backbone=None, num_classes=5))


class Backbone(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, channels, 3, 4, 1), nn.BatchNorm2d(channels), nn.ReLU(),
                                  nn.Conv2d(channels, channels, 3, 2, 1), nn.BatchNorm2d(channels), nn.ReLU())
        self.out_channels = channels

    def forward(self, image):
        return self.body(image)


class Pyramid(Backbone):
    def __init__(self, channels: int) -> None:
        super().__init__(channels)
        self.next = nn.Conv2d(channels, channels, 3, 2, 1)

    def forward(self, image):
        large = self.body(image)
        return {"0": large, "1": self.next(large)}


def tiny_ssd() -> nn.Module:
    from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
    from torchvision.models.detection.ssd import SSD, SSDHead

    anchors = DefaultBoxGenerator([[2], [2]], min_ratio=0.2, max_ratio=0.9)
    head = SSDHead([8, 8], anchors.num_anchors_per_location(), 4)
    return Detector(SSD(Pyramid(8), anchors, (64, 64), 4, head=head, detections_per_img=10, topk_candidates=20))


def tiny_faster_rcnn() -> nn.Module:
    from torchvision.models.detection import FasterRCNN
    from torchvision.models.detection.anchor_utils import AnchorGenerator
    from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
    from torchvision.ops import MultiScaleRoIAlign

    return Detector(FasterRCNN(
        Backbone(8), min_size=64, max_size=96, rpn_anchor_generator=AnchorGenerator(((16, 32),), ((0.5, 1.0),)),
        box_roi_pool=MultiScaleRoIAlign(["0"], 3, 2), box_head=TwoMLPHead(8 * 9, 16),
        box_predictor=FastRCNNPredictor(16, 4), rpn_pre_nms_top_n_test=40, rpn_post_nms_top_n_test=20,
        box_detections_per_img=10))


def detector(name, make, size, tiny=False, **more) -> Export:
    """The batch is one image; the two sizes are its height and width."""
    def inputs(batch: int, length: int) -> dict:
        return {"image": Normal(2)(3, size + 8 * batch, size + 2 * length).sigmoid()}

    axes = {"image": {1: "height", 2: "width"}, "boxes": {0: "found"}, "scores": {0: "found"}, "labels": {0: "found"}}
    return Export(name, make, inputs, OUTPUTS, axes, 0, tiny, keep_weights=True, **more)


EXPORTS = [
    detector("ssd-tiny", tiny_ssd, 64, tiny=True),
    detector("faster-rcnn-tiny", tiny_faster_rcnn, 64, tiny=True),
    detector("ssdlite", ssdlite, 320),
    detector("faster-rcnn", faster_rcnn, 320),
]
