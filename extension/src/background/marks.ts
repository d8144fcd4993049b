/** Moments of this worker's life, in ms since it started; the bench reads them in the test build. */

const marks: [string, number][] = [];

export function mark(name: string): void {
  if (__TEST_HOOKS__) marks.push([name, performance.now()]);
}

export function takeMarks(): [string, number][] {
  return marks.splice(0);
}
