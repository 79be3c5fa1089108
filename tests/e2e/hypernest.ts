import { expect, type ElectronApplication, type Locator, type Page } from '@playwright/test';
import type { Vm } from '../../src/core/machine.js';
import type { AppState, CallName } from '../../src/ipc/schema.js';
import { translator, type Language } from '../../src/text/index.js';

/** The app as a person meets it: its window by the words of its own dictionary, its facts as its own window is told them. */
export class Hypernest {
  constructor(
    readonly electron: ElectronApplication,
    readonly page: Page,
    readonly language: Language = 'en',
  ) {}

  get t() {
    return translator(this.language);
  }

  /** What main answers to the window: the same call as the window's own, nothing more. */
  async call(name: CallName | (string & {}), request?: unknown): Promise<unknown> {
    return this.page.evaluate(
      ([call, body]) =>
        (globalThis as unknown as { hypernest: { call(n: string, r: unknown): Promise<unknown> } }).hypernest.call(
          call,
          body,
        ),
      [name, request] as const,
    );
  }

  async state(): Promise<AppState> {
    return (await this.call('state')) as AppState;
  }

  /** Waits until the app has read the machines, and gives its state. */
  async ready(): Promise<AppState> {
    await expect
      .poll(async () => (await this.state()).machine?.vms?.length ?? -1, { timeout: 20_000 })
      .toBeGreaterThan(-1);
    return this.state();
  }

  async vm(name: string): Promise<Vm> {
    const found = (await this.state()).machine?.vms?.find((vm) => vm.name === name);
    if (!found) throw new Error(`no VM '${name}'`);
    return found;
  }

  /** A VM of the simulated workstation by what it is, since its name is the scenario's business. */
  async vmThat(what: (vm: Vm) => boolean): Promise<Vm> {
    const found = (await this.ready()).machine?.vms?.find(what);
    if (!found) throw new Error('the scenario has no such VM');
    return found;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) });
  }
}
