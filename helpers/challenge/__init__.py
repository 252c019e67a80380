"""A challenge: pairs made on the spot, and a judge who scores a pipeline and keeps the truth."""

from helpers.challenge.client import Challenge, ChallengeResult, PipelineError, Tally

__all__ = ["Challenge", "ChallengeResult", "PipelineError", "Tally"]
