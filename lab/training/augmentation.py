"""Pictures as other people might have taken them: turned, relit, partly hidden, mixed."""

import math

import torch
from torch import Tensor
from torch.nn import functional

Targets = tuple[Tensor, Tensor]
"""Shares of families and of types, (N, 16) and (N, 48)."""


def augment(pixels: Tensor, size: int) -> Tensor:
    """Turn, scale, shift, flip, relight and hide parts of uint8 pictures; floats as served."""
    floats = (pixels.float() - 127.5) / 64.0
    grid = functional.affine_grid(
        random_transforms(len(pixels)).to(pixels.device),
        [len(pixels), 3, size, size],
        align_corners=False,
    )
    moved = functional.grid_sample(floats, grid, align_corners=False)
    return hide_patches(relight(moved)).contiguous(memory_format=torch.channels_last)


def random_transforms(count: int) -> Tensor:
    """(count, 2, 3) affine maps: turns of about 12°, one in ten of any angle."""
    angle = torch.randn(count) * math.radians(12)
    anywhere = torch.rand(count) < 0.1
    angle = torch.where(anywhere, torch.rand(count) * 2 * math.pi, angle)
    zoom = torch.empty(count).uniform_(0.65, 1.15)
    stretch = torch.exp(torch.randn(count) * 0.1)
    flip = torch.where(torch.rand(count) < 0.5, -1.0, 1.0)
    shift = (torch.rand(2, count) - 0.5) * 0.3
    cos, sin = angle.cos() * zoom, angle.sin() * zoom
    rows = [
        cos * flip * stretch,
        -sin / stretch,
        shift[0],
        sin * flip * stretch,
        cos / stretch,
    ]
    return torch.stack([*rows, shift[1]], 1).view(count, 2, 3)


def relight(pictures: Tensor) -> Tensor:
    """Random contrast, brightness and white balance; a few grey, a few in swapped colours."""
    count = len(pictures)
    device = pictures.device
    grey = pictures.mean(1, keepdim=True).expand_as(pictures)
    chance = torch.rand(count, 1, 1, 1, device=device)
    pictures = torch.where(chance < 0.1, grey, pictures)
    pictures = torch.where(chance > 0.85, pictures[:, torch.randperm(3)], pictures)
    gain = torch.randn(count, 1, 1, 1) * 0.2 + torch.randn(count, 3, 1, 1) * 0.06
    return pictures * gain.exp().to(device) + torch.randn(count, 1, 1, 1, device=device) * 0.2


def hide_patches(pictures: Tensor) -> Tensor:
    """Random erasing (Zhong et al. 2020): a grey patch on every third picture."""
    size = pictures.shape[-1]
    side = torch.empty(len(pictures), 2).uniform_(0.1, 0.35) * size
    centre = torch.rand(len(pictures), 2) * size
    line = torch.arange(size).float()
    inside = (line - centre[:, :, None]).abs() < side[:, :, None] / 2
    patch = inside[:, 0, :, None] & inside[:, 1, None, :]
    patch &= torch.rand(len(pictures), 1, 1) < 0.33
    return pictures.masked_fill(patch[:, None].to(pictures.device), 0.0)


def mix(pictures: Tensor, targets: Targets, strength: float) -> tuple[Tensor, Targets]:
    """Mixup (Zhang et al. 2018) or, as often, CutMix (Yun et al. 2019); one ratio per batch."""
    if not strength:
        return pictures, targets
    other = torch.randperm(len(pictures), device=pictures.device)
    if torch.rand(()) < 0.5:
        ratio = float(torch.distributions.Beta(strength, strength).sample())
        mixed = pictures.lerp(pictures[other], ratio)
    else:
        mixed, ratio = paste(pictures, pictures[other])
    families, types = (target.lerp(target[other], ratio) for target in targets)
    return mixed, (families, types)


def paste(pictures: Tensor, others: Tensor) -> tuple[Tensor, float]:
    """A rectangle of `others` on each picture, at most half of it, and the share that it covers."""
    size = pictures.shape[-1]
    side = round(size * math.sqrt(float(torch.rand(())) * 0.5))
    top, left = (int(torch.randint(0, size - side + 1, ())) for _ in range(2))
    pasted = pictures.clone()
    window = (..., slice(top, top + side), slice(left, left + side))
    pasted[window] = others[window]
    return pasted, (side / size) ** 2
