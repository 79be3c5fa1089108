import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the processes that the app has started and that are not Electron's: its shells. Linux only. */
export function shellsOf(parent: number | undefined): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        const isOurs = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
        return isOurs && command !== '' && !/--type=|crashpad/.test(command) ? [Number(name)] : [];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}

export function signalShells(parent: number | undefined, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  for (const shell of shellsOf(parent)) {
    try {
      process.kill(shell, signal);
    } catch {
      // it has ended meanwhile
    }
  }
}
