"""Asking an engine for one suggestion, through the door to the models."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from functools import partial

from registry import inference
from registry.prompts import live_versions
from registry.prompts.live_versions import LiveVersion
from styling.streaming import leases
from styling.streaming.leases import Claim
from styling.streaming.reviews import OutfitReview


async def call_for_answer(
    claim: Claim, review: OutfitReview, *, seed: int
) -> AsyncGenerator[inference.InferenceEvent, None]:
    """A call of the live version's engine; of the built-in one where the answer is the last to be had. To be closed.

    Raises NoLiveVersionError; hearing it raises InferenceError, too.
    """
    version = await find_built_in(claim) if review.is_last else None
    return inference.stream(
        "suggest_outfit",
        claim.context,
        subject=f"suggestion:{claim.suggestion.pk}",
        seed=seed,
        wearer=claim.suggestion.owner_id,
        version=version,
        review=review,
        opened=partial(leases.record_call, claim.suggestion),
    )


async def find_built_in(claim: Claim) -> LiveVersion:
    """The wearer's version, as the built-in engine answers under it."""
    owner = claim.suggestion.owner_id
    live: LiveVersion = await live_versions.aresolve("suggest_outfit", owner, certain=True)
    return replace(live, bundle={**live.bundle, "engine": "builtin"}, engines=None)
