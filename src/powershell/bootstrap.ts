/** What a shell is started with: the bridge, and the setup that goes with it. */
import { allowList, homes, modulesOf, outside, outsideElevated } from '../core/cmdlets/allow-list.js';
import bridge from './bridge.ps1?raw';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export interface SetupOptions {
  /** Asks who runs the shell: identity.ps1, or what the simulated world has in its place. */
  readonly identity: string;
  /** Whether that account is in Hyper-V Administrators: not waited for longer than `membershipWithin` milliseconds. */
  readonly membership?: string | undefined;
  readonly membershipWithin?: number;
  /** Not given: Windows itself. */
  readonly standIn?: StandIn | undefined;
  /** Milliseconds without a word that somebody uses it after which an elevated shell ends itself: reading is no use. */
  readonly idleMs?: number;
  /** The shell is elevated: what needs that on this PC is in its list, and in no other. */
  readonly elevated?: boolean;
  /** A lane for the first change is opened, and loads the Hyper-V module, before there is one (docs/live.md: not until a lane costs over 1 s). */
  readonly readyLane?: boolean;
}

/** What stands in the place of Windows: chosen by the composition, never by the environment of the shell. */
export interface StandIn {
  /** The folder of its modules. */
  readonly modules: string;
  /** Variables of the environment that its modules need. */
  readonly variables: readonly string[];
}

/** A Windows before 2016 has an older Hyper-V module beside the one that is meant. */
const minimumVersions: Readonly<Record<string, string>> = { 'Hyper-V': '2.0' };

export const setupOf = ({
  identity,
  membership,
  membershipWithin = 5000,
  standIn,
  idleMs,
  elevated = false,
  readyLane,
}: SetupOptions): string =>
  base64(
    JSON.stringify({
      modules: modulesOf(elevated ? outsideElevated : outside).map((name) => ({
        name,
        ...(minimumVersions[name] === undefined ? {} : { minimumVersion: minimumVersions[name] }),
      })),
      folder: standIn?.modules,
      homes,
      allow: allowList(elevated ? outsideElevated : outside),
      allowInside: allowList(),
      identity,
      ...(membership === undefined ? {} : { membership, membershipMs: membershipWithin }),
      ...(idleMs === undefined ? {} : { idleMs }),
      ...(readyLane ? { readyLane } : {}),
    }),
  );

export const bridgeText = bridge;

/**
 * The one statement that starts the bridge: base64 keeps quoting, code pages and line rules away. Where it is not let run (policy,
 * antivirus), the ids of that error are its last words, and it does not stay.
 */
export const bootstrapOf = (setup: SetupOptions): string =>
  `try { & ([scriptblock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64(bridge)}')))) '${setupOf(setup)}' } ` +
  'catch { try { [Console]::Error.WriteLine("$($_.FullyQualifiedErrorId) $($_.Exception.InnerException.Errors.ErrorId): $($_.Exception.Message)") } catch { $_ } finally { exit 74 } }\n';
