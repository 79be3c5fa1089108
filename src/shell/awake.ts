/** Holds off sleep while something is being changed. */
import { powerSaveBlocker } from 'electron';

export class Awake {
  #blocker: number | undefined;

  hold(isBusy: boolean): void {
    if (isBusy === (this.#blocker !== undefined)) return;
    if (this.#blocker === undefined) this.#blocker = powerSaveBlocker.start('prevent-app-suspension');
    else {
      powerSaveBlocker.stop(this.#blocker);
      this.#blocker = undefined;
    }
  }
}
