"""A challenge: pairs made on the spot, and a judge who scores a pipeline and keeps the truth."""

from helpers.challenge.client import (
    Challenge,
    ChallengeResult,
    JudgeError,
    PipelineError,
    Tally,
)

__all__ = ["Challenge", "ChallengeResult", "JudgeError", "PipelineError", "Tally"]
