/** Everything that is listed is read again now: of all PCs, where the list is of all; one that is away is tried again. */
import { apiOf } from '../api.js';
import { app } from './app.svelte.js';
import type { PcState } from './pc-state.svelte.js';
import { route } from './route.svelte.js';

/** Ends when those have answered that can: who is away may take long to say so. */
export async function refresh(): Promise<void> {
  const pcs = app.isAll && route.now.page === 'machines' ? app.pcs : app.pcs.filter(({ id }) => id === app.at);
  const isReady = ({ connection }: PcState): boolean => connection?.kind === 'ready';
  const answered = Promise.allSettled(pcs.filter(isReady).map(readAgain));
  void Promise.allSettled(pcs.filter((pc) => !isReady(pc)).map(readAgain));
  await answered;
}

/** Where a person has to look into it first, nothing is tried by the way. */
const readAgain = ({ id, connection }: PcState): Promise<void> =>
  connection?.kind === 'lost' && connection.retryAt !== null ? apiOf(id).reconnect() : apiOf(id).refresh();
