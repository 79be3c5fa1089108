/** The test of a host while it is under way: which steps have passed. One at a time; who leaves ends it. */
import { hostSteps, type HostStep } from '../../src/core/machine/hosts.js';
import { api, listen } from '../api.js';

export class LiveTest {
  /** undefined: none is under way. */
  #passed = $state.raw<readonly HostStep[]>();

  get passed(): readonly HostStep[] | undefined {
    return this.#passed;
  }

  async while<Answer>(test: () => Promise<Answer>): Promise<Answer> {
    this.#passed = [];
    try {
      return await test();
    } finally {
      this.#passed = undefined;
    }
  }

  /** For the life of a dialog: hears of each step; returned is what ends it. */
  follow(): () => void {
    const stop = listen((event) => {
      if (event.kind === 'host-test' && this.#passed)
        this.#passed = hostSteps.slice(0, hostSteps.indexOf(event.step) + 1);
    });
    return () => {
      stop();
      if (this.#passed) void api.stopHostTest();
    };
  }
}
