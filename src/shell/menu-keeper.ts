/** Sets a menu again only when something in it differs from what is shown. */
import type { TrayItem } from './tray-menu.js';

export class MenuKeeper {
  #text = '';

  constructor(private readonly set: (items: readonly TrayItem[]) => void) {}

  show(items: readonly TrayItem[]): void {
    const text = JSON.stringify(items);
    if (text === this.#text) return;
    this.#text = text;
    this.set(items);
  }

  /** What is shown is no longer what was set: a click has turned a tick. */
  forget(): void {
    this.#text = '';
  }
}
