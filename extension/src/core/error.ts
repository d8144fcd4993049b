import type { ErrorCode, Failure } from "./messages.ts";

/** What the core refused, by its code. */
export class CoreError extends Error {
  override name = "CoreError";

  constructor(readonly failure: Failure) {
    super(failure.message);
  }

  get code(): ErrorCode {
    return this.failure.code;
  }
}

/** What went wrong, as data; anything but the core's own refusals is a bug. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CoreError) return error.failure;
  return { code: "internal", message: error instanceof Error ? error.message : "unknown error" };
}
