/** The window that holds Windows up while a run is under way and the app's own window is closed: an entry in the task bar. */
import { BaseWindow } from 'electron';
import type { heedSessionEnd } from './session-end.js';

interface Options {
  readonly icon: string;
  readonly heed: (window: Parameters<typeof heedSessionEnd>[0]) => void;
  /** Somebody clicks its entry. */
  readonly opened: () => void;
}

export class Holder {
  #window: BaseWindow | undefined;

  constructor(private readonly options: Options) {}

  /** `title`: why Windows is held up; undefined: nothing is to be held. */
  show(title: string | undefined): void {
    if (title === undefined) {
      this.#window?.destroy();
      this.#window = undefined;
      return;
    }
    this.#window ??= this.#create();
    this.#window.setTitle(title);
  }

  /** Windows shows the title of visible windows only. Minimized it is one, and takes neither place nor focus. */
  #create(): BaseWindow {
    const { icon, heed, opened } = this.options;
    const window = new BaseWindow({ show: false, width: 320, height: 120, resizable: false, icon });
    heed(window);
    window.on('restore', opened);
    window.minimize();
    return window;
  }
}
