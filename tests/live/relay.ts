/** A shell that starts another, as another account, and passes on what is said to it: tests/live/as.ps1 as its first statement. */
import fs from 'node:fs';
import path from 'node:path';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export function relayed(executable: string, { user = '', password = '' } = {}): (bootstrap: string) => string {
  const script = fs.readFileSync(path.resolve('tests/live/as.ps1'), 'utf8');
  const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  return (bootstrap) =>
    `& ([scriptblock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64(script)}')))) ` +
    `${[executable, base64(bootstrap), user, password].map(quoted).join(' ')}\n`;
}
