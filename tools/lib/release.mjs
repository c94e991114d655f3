/** What a release adds to the package: where its repository is, which nothing else in this project says. */
import { Problem } from './run.mjs';

/** The address of the repository, as a browser opens it, without a slash at the end. */
export function repositoryAddress(given) {
  if (!given) {
    throw new Problem(
      'The package is not published without the address of its repository: pass --repository https://HOST/OWNER/NAME, ' +
        'or set REPOSITORY_URL. Its manifest gets `repository`, `homepage` and `bugs` of it.',
    );
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.protocol !== 'https:' || !/^\/[^/]+\/[^/]+\/?$/.test(url.pathname)) {
    throw new Problem(`${given} is not the address of a repository: it looks like https://HOST/OWNER/NAME.`);
  }
  return `${url.origin}${url.pathname.replace(/\/$|\.git\/?$/, '')}`;
}

/** The manifest as it is published. */
export const publishedManifest = (manifest, address) => ({
  ...manifest,
  repository: { type: 'git', url: `git+${address}.git` },
  homepage: `${address}#readme`,
  bugs: { url: `${address}/issues` },
});

/** Refuses a version that the changelog does not tell of, with the day of its release. */
export function assertInChangelog(changelog, version) {
  const heading = new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d{2}-\\d{2}$`, 'm');
  if (heading.test(changelog)) return;
  throw new Problem(`CHANGELOG.md has no heading "## [${version}] - YEAR-MONTH-DAY": add it before the release.`);
}
