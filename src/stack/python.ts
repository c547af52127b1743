import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SetupError } from '../errors';

export interface Python {
  executable: string;
  /** Changes with everything that makes installed packages fit or not: version, place, machine. */
  fingerprint: string;
}

const OLDEST = [3, 10] as const;
const USE_YOUR_OWN =
  'or set TEMPORAL_ADDRESS and AWS_ENDPOINT_URL to services that run already, and nothing is installed.';

const DESCRIBE = `
import importlib.util, json, platform, sys
print(json.dumps({
  "version": list(sys.version_info[:3]),
  "executable": sys.executable,
  "fingerprint": " ".join([sys.version, sys.base_prefix, platform.machine(), platform.system()]),
  "missing": [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None],
}))`;

interface Description {
  version: number[];
  executable: string;
  fingerprint: string;
  missing: string[];
}

/** @throws SetupError when there is no `python3` on the PATH that can make a virtual environment. */
export async function findPython(): Promise<Python> {
  const found = await describePython();
  const [major = 0, minor = 0] = found.version;
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new SetupError({
      happened: `python3 on the PATH is ${found.version.join('.')}; the embedded stack needs ${OLDEST.join('.')} or newer.`,
      next: `Put a newer python3 first on the PATH, ${USE_YOUR_OWN}`,
    });
  }
  if (found.missing.length > 0) {
    throw new SetupError({
      happened: `${found.executable} cannot make a virtual environment with pip: it lacks ${found.missing.join(' and ')}.`,
      next: `Install them (on Debian and Ubuntu: apt install python3-venv), ${USE_YOUR_OWN}`,
    });
  }
  return { executable: found.executable, fingerprint: found.fingerprint };
}

async function describePython(): Promise<Description> {
  try {
    const { stdout } = await promisify(execFile)('python3', ['-I', '-c', DESCRIBE], { env: process.env });
    return JSON.parse(stdout) as Description;
  } catch (cause) {
    throw new SetupError(
      {
        happened: 'The embedded stack needs Python 3.10 or newer, and no python3 on the PATH runs.',
        next: `Install it with pip and venv (on Debian and Ubuntu: apt install python3 python3-venv), ${USE_YOUR_OWN}`,
      },
      { cause },
    );
  }
}
