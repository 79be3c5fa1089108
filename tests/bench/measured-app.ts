import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

interface Said {
  readonly what: 'tray' | 'menu' | 'rows' | 'sent' | 'answer';
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly bytes?: number;
  readonly kind?: string;
  readonly value?: unknown;
}

/** An Electron app with the probe in it, started as a person starts it. */
export class MeasuredApp {
  readonly began = Date.now();
  readonly said: Said[] = [];
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly userData = mkdtempSync(path.join(tmpdir(), 'hypernest-bench-'));
  private told: () => void = () => undefined;

  constructor(folder: string, switches: readonly string[] = []) {
    // Not a first start, which would show the guided setup in the place of the machines.
    const settings = { setup: { state: 'closed', purpose: null, vm: null } };
    writeFileSync(path.join(this.userData, 'settings.json'), JSON.stringify(settings));
    const executable = createRequire(import.meta.url)('electron') as string;
    // As in tests/e2e/app.ts: no graphics card, no start of the GPU process that fails.
    const common = [`--user-data-dir=${this.userData}`, '--disable-gpu'];
    const args = ['-r', path.resolve('tests/bench/probe.cjs'), folder, ...common, ...switches];
    this.child = spawn(executable, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      if (!line.startsWith('PROBE ')) return;
      this.said.push(JSON.parse(line.slice('PROBE '.length)) as Said);
      this.told();
    });
  }

  /** The first word of that kind from that place on; fails when it does not come. */
  async hears(what: Said['what'], from = 0): Promise<Said> {
    const end = Date.now() + 60_000;
    for (;;) {
      const found = this.said.slice(from).find((one) => one.what === what);
      if (found) return found;
      if (Date.now() > end || this.child.exitCode !== null) throw new Error(`never said '${what}'`);
      await new Promise<void>((resolve) => {
        this.told = resolve;
        setTimeout(resolve, 1000);
      });
    }
  }

  async evaluate(expression: string): Promise<unknown> {
    const from = this.said.length;
    this.child.stdin.write(`${expression.replaceAll('\n', ' ')}\n`);
    return (await this.hears('answer', from)).value;
  }

  order(line: 'close' | 'wheel'): void {
    this.child.stdin.write(`${line}\n`);
  }

  /** What proc(5) says in `stat` of its processes, from the state on, by their ids. */
  private stats(): ReadonlyMap<number, readonly string[]> {
    const all = new Map<number, readonly string[]>();
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        all.set(Number(name), stat.slice(stat.lastIndexOf(')') + 2).split(' '));
      } catch {
        // ended meanwhile
      }
    }
    const isOurs = (pid: number): boolean =>
      pid === this.child.pid || (pid > 1 && isOurs(Number(all.get(pid)?.[1] ?? 0)));
    return new Map([...all].filter(([pid]) => isOurs(pid)));
  }

  /** Of all its processes that live now, in clock ticks. */
  processorTime(): number {
    return [...this.stats().values()].reduce((sum, stat) => sum + Number(stat[11]) + Number(stat[12]), 0);
  }

  /** Proportional set size in bytes of its Electron processes, and of all else that it started. */
  memory(): { electron: number; other: number } {
    const sum = { electron: 0, other: 0 };
    for (const pid of this.stats().keys()) {
      try {
        const pss = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        sum[/electron/i.test(command.split('\0', 1)[0] ?? '') || command.includes('--type=') ? 'electron' : 'other'] +=
          pss;
      } catch {
        // ended meanwhile
      }
    }
    return sum;
  }

  async end(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.stdin.write('quit\n');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 3000);
    await exited;
    clearTimeout(timer);
    rmSync(this.userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
