/** The window's end of IPC, for the preload script. It only carries: names and shapes are checked in main. */
import type { IpcRenderer } from 'electron';
import type { AppEvent, Bridge } from './schema.js';
import { callChannel, eventChannel, type Answer } from './wire.js';

/** A call that was refused rejects with an Error whose message is the refusal's code. */
export function bridge(ipcRenderer: Pick<IpcRenderer, 'invoke' | 'on' | 'removeListener'>): Bridge {
  return {
    async call(name, request, host) {
      // Made by main.ts of this folder.
      const answer = (await ipcRenderer.invoke(callChannel, name, request, host)) as Answer;
      if (!answer.ok) throw new Error(answer.error);
      return answer.reply;
    },
    on(listener) {
      const heard = (_event: unknown, event: AppEvent): void => listener(event);
      ipcRenderer.on(eventChannel, heard);
      return () => ipcRenderer.removeListener(eventChannel, heard);
    },
  };
}
