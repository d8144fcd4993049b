/** The time a request may take: what the site asked for, kept within what a person needs and a tab can bear. */

const LEAST_MS = 60_000;
const USUAL_MS = 5 * 60_000;
const MOST_MS = 10 * 60_000;

export function timeoutOf(asked: unknown): number {
  const wanted = Number(asked);
  if (!Number.isFinite(wanted) || wanted <= 0) return USUAL_MS;
  return Math.min(Math.max(wanted, LEAST_MS), MOST_MS);
}
