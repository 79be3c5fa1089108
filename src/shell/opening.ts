/** How every PC is opened: what is heard of this one and of a host goes to one window, and says whose it is. */
import { thisPc } from '../core/cmdlets/ref.js';
import type { AppEvent, ShownHost } from '../ipc/schema.js';
import { OpenHosts } from './open-hosts.js';
import { OpenSource, type SourceOptions } from './open-source.js';
import type { Place } from './place.js';

interface Options extends Omit<SourceOptions, 'at' | 'openPlace' | 'send' | 'changed'> {
  readonly known: () => readonly ShownHost[];
  readonly openPlace: () => Promise<Place>;
  readonly openHostPlace: (host: ShownHost) => Promise<Place>;
  readonly send: (event: AppEvent) => void;
  readonly opened: () => void;
  /** Something that the tray shows may be new: of this PC alone. */
  readonly changed: () => void;
}

export function opening({ known, openPlace, openHostPlace, opened, send, changed, ...sources }: Options): OpenHosts {
  const { store, failed } = sources;
  return new OpenHosts({
    store,
    known,
    source: () => store.state.source,
    local: new OpenSource({ ...sources, at: thisPc, openPlace, send, changed }),
    open: (host) =>
      new OpenSource({
        ...sources,
        at: host.id,
        openPlace: () => openHostPlace(host),
        send: (event) => send({ ...event, host: host.id }),
        changed: () => undefined,
      }),
    opened,
    failed,
  });
}
