/** Everything that is listed is read again now: of all PCs, where the list is of all; one that is away is tried again. */
import { api, apiOf } from '../api.js';
import { app } from './app.svelte.js';
import { route } from './route.svelte.js';

export async function refresh(): Promise<void> {
  if (!app.isAll || route.now.page !== 'machines') return api.refresh();
  await Promise.allSettled(
    app.pcs.map(({ id, ended }) => (ended?.why === 'away' ? apiOf(id).reconnect() : apiOf(id).refresh())),
  );
}
