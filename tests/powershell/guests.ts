/** A workstation with a Windows VM that can be entered, and one inside that; and a session that keeps all it hears and says. */
import { thisPc, vmIn, type VmRef } from '../../src/core/cmdlets/ref.js';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { manualClock, type ManualClock } from '../../simulator/clock.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import type { Simulator } from '../../simulator/simulator.js';
import type { SimulatedMachine, SimulatedVm } from '../../simulator/world.js';
import type { Credential, CredentialSource } from '../../src/core/cmdlets/credentials.js';
import type { FoundShell } from '../../src/powershell/find.js';
import { bootstrapOf } from '../../src/powershell/bootstrap.js';
import type { Transport } from '../../src/powershell/transport.js';
import { credentialsFrom } from '../pc.js';
import { IDENTITY } from './world.js';

export const outer: Credential = { userName: 'BUILD-01\\builder', password: `pa$$ "wörd" 密码` };
export const inner: Credential = { userName: 'builder', password: "it's another; #one" };

export interface Guests {
  readonly simulator: Simulator;
  readonly clock: ManualClock;
  readonly l1: SimulatedVm;
  /** What Windows in it is. */
  readonly machine: SimulatedMachine;
  readonly l2: SimulatedVm;
  /** What main would look up. */
  readonly accounts: Map<VmRef, Credential>;
  readonly credentials: CredentialSource;
}

/** `auto`: time runs by itself. */
export function guests({ auto = true } = {}): Guests {
  const clock = manualClock({ auto });
  const simulator = createScenario('workstation', { clock });
  const machineNamed = (name: string, { vms }: SimulatedMachine = simulator.world.host) => {
    for (const vm of vms.values()) if (vm.guest.machine?.name === name) return { vm, machine: vm.guest.machine };
    throw new Error(`no VM that is ${name}`);
  };
  const { vm: l1, machine } = machineNamed('BUILD-01');
  const { vm: l2, machine: innermost } = machineNamed('RUNNER-W', machine);
  machine.users = machine.users.map((user) => (user.isAdministrator ? { ...user, password: outer.password } : user));
  innermost.users = innermost.users.map((user) => ({ ...user, password: inner.password }));
  const accounts = new Map<VmRef, Credential>([
    [vmIn(thisPc, l1.id), outer],
    [vmIn(vmIn(thisPc, l1.id), l2.id), inner],
  ]);
  return {
    simulator,
    clock,
    l1,
    machine,
    l2,
    accounts,
    credentials: credentialsFrom(accounts),
  };
}

/** The engine as a child, with every line in and out of it kept; `#secret` lines apart. */
export interface Recorded {
  readonly transport: Transport;
  readonly secrets: readonly string[];
  /** Everything else that was written to it, and all that it has written: stdout, stderr, its module log. */
  readonly everything: () => string;
}

export function recordedTransport({ executable, env, standIn }: FoundShell): Recorded {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-log-'));
  const log = path.join(folder, 'modules.log');
  const child = spawn(executable, ['-NoProfile', '-NonInteractive', '-NoExit', '-Command', '-'], {
    env: { ...env, HYPERNEST_MODULE_LOG: log },
  });
  const secrets: string[] = [];
  const said: string[] = [];
  const out = readline.createInterface({ input: child.stdout });
  out.on('line', (line) => said.push(line));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  child.stdin.on('error', () => undefined);
  const write = (line: string) => {
    (line.startsWith('#secret ') ? secrets : said).push(line);
    child.stdin.write(`${line}\n`);
  };
  child.stdin.write(bootstrapOf({ identity: IDENTITY, standIn }));
  return {
    transport: {
      pid: child.pid,
      write,
      onLine: (listener) => void out.on('line', listener),
      onSaid: () => undefined,
      ended: new Promise((resolve) => child.once('close', () => resolve({ by: 'exit', code: '' }))),
      end: () => void child.stdin.end(),
      kill: () => void child.kill('SIGKILL'),
    },
    secrets,
    everything() {
      const logged = fs.existsSync(log) ? fs.readFileSync(log, 'utf8') : '';
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 9 });
      return [...said, logged].join('\n');
    },
  };
}
