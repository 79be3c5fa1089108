import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Prints what the journeys say, and why one broke off. */
export default class JourneyReporter implements Reporter {
  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }
  onError(error: { message?: string }): void {
    console.error(error.message);
  }
  onTestEnd(test: TestCase, { errors }: TestResult): void {
    for (const { message = '', snippet = '' } of errors) console.error(`${test.title}: ${message}\n${snippet}`);
  }
  printsToStdio(): boolean {
    return true;
  }
}
