// What is red under Wine though it is green elsewhere: each test by its whole name, and why. Five at most; all else that is red is a fault.

/** @type {readonly { test: string, why: string }[]} */
const gaps = [];

/** Counts the tests of vitest's results, and says what a person should know of them. A gap counts as skipped. */
export function judged(tests, { isAll }) {
  const count = (wanted) => tests.filter(({ status }) => wanted.includes(status)).length;
  const lines = [];
  let open = 0;
  let lost = 0;
  for (const { test, why } of gaps) {
    const found = tests.find(({ fullName }) => fullName === test);
    if (found?.status === 'failed') {
      open++;
      lines.push(`gap     ${test}: ${why}`);
    } else if (found?.status === 'passed') lines.push(`closed  ${test}: green here now, so it is no gap (${why})`);
    else if (isAll) {
      lost++;
      lines.push(`FAILED  ${test}: a gap, but there is no such test`);
    }
  }
  for (const { fullName, status, failureMessages } of tests)
    if (status === 'failed' && !gaps.some(({ test }) => test === fullName))
      lines.push(`FAILED  ${fullName}\n${failureMessages.join('\n')}`);
  const [passed, failed] = [count(['passed']), count(['failed'])];
  return { counts: { passed, failed: failed - open + lost, skipped: tests.length - passed - failed + open }, lines };
}
