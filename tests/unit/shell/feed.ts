/** A feed of releases on this PC, and electron-updater's own updater for Windows that looks there. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { HttpExecutor } from 'builder-util-runtime';
import { NsisUpdater } from 'electron-updater';
import { tamed, type Updater } from '../../../src/shell/updater.js';

/** In the place of Electron's network. */
class NodeNetwork extends HttpExecutor<http.ClientRequest> {
  override createRequest(
    options: http.RequestOptions,
    callback: (response: http.IncomingMessage) => void,
  ): http.ClientRequest {
    return http.request(options, callback);
  }
  async download(url: URL, destination: string, options: Parameters<HttpExecutor<never>['downloadToBuffer']>[1]) {
    await options.cancellationToken.createPromise<string>((resolve, reject, onCancel) => {
      this.doDownload(
        { protocol: url.protocol, hostname: url.hostname, port: url.port, path: url.pathname, headers: {} },
        {
          destination,
          options,
          onCancel,
          callback: (error) => (error ? reject(error) : resolve(destination)),
          responseHandler: null,
        },
        0,
      );
    });
    return destination;
  }
}

export const installer = Buffer.alloc(200_000, 'Hypernest');
const hashOf = (bytes: Buffer): string => createHash('sha512').update(bytes).digest('base64');

export type Answer = (response: http.ServerResponse, request: http.IncomingMessage) => void;
export const file: Answer = (response) => response.end(installer);
export const release =
  (version: string, bytes = installer): Answer =>
  (response) =>
    response.end(
      JSON.stringify({
        version,
        path: 'Hypernest.exe',
        sha512: hashOf(bytes),
        files: [{ url: 'Hypernest.exe', sha512: hashOf(bytes), size: bytes.length }],
      }),
    );

export interface Feed {
  /** Where the updater keeps files. */
  readonly folder: string;
  readonly make: () => Promise<Updater>;
  /** Headers of what was asked, by path. */
  readonly asked: { readonly path: string; readonly headers: http.IncomingHttpHeaders }[];
  /** The next request has arrived. */
  arrived(): Promise<unknown>;
  close(): Promise<void>;
}

/** `latest` and `exe` answer the two files of a release. */
export async function openFeed({
  latest,
  exe = file,
}: {
  readonly latest: Answer;
  readonly exe?: Answer;
}): Promise<Feed> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hypernest-feed-'));
  const asked: { path: string; headers: http.IncomingHttpHeaders }[] = [];
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    asked.push({ path: pathname, headers: request.headers });
    (pathname === '/latest.yml' ? latest : exe)(response, request);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  // As electron-builder puts it beside a release.
  const config = path.join(folder, 'app-update.yml');
  await writeFile(config, 'updaterCacheDirName: hypernest-updater');
  const app = {
    version: '1.0.0',
    name: 'hypernest',
    isPackaged: true,
    appUpdateConfigPath: config,
    userDataPath: folder,
    baseCachePath: folder,
    whenReady: () => Promise.resolve(),
    relaunch: () => undefined,
    quit: () => undefined,
    onQuit: () => undefined,
  };
  return {
    folder,
    make: async () => {
      const updater = new NsisUpdater(undefined, app);
      Object.assign(updater, { httpExecutor: new NodeNetwork(), _testOnlyOptions: { platform: 'win32' } });
      updater.setFeedURL({ provider: 'generic', url });
      return tamed(updater, { info: () => undefined, warn: () => undefined, error: () => undefined });
    },
    asked,
    arrived: () => once(server, 'request'),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      // electron-updater leaves a file open where the connection breaks, and Windows keeps what is open until this process ends.
      const removed = rm(folder, { recursive: true, force: true });
      await (process.platform === 'win32' ? removed.catch(() => undefined) : removed);
    },
  };
}
