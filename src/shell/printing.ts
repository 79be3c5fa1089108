/** Lines for who typed a command. Somebody may have closed their end, as `| head` does: then nobody reads on. */
export function print(to: 'out' | 'error', lines: readonly string[]): Promise<void> {
  const stream = to === 'out' ? process.stdout : process.stderr;
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
    stream.write(lines.map((line) => `${line}\n`).join(''), () => resolve());
  });
}
