/** The three environments of a user, so that one test can run in each: Node as ESM, Node as CommonJS, a page. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openPage } from './chromium.mjs';
import { bothForms, installPackage } from './install.mjs';

const scenario = (file) => pathToFileURL(fileURLToPath(new URL(`../scenarios/${file}`, import.meta.url))).href;

/** Their names, for tests to be named by. */
export const environmentNames = ['Node as ESM', 'Node as CommonJS', 'Chromium'];

/**
 * Installs the package and opens all three. Each one's `run(file, name, ...args)` runs a function of a scenario file
 * with the package as its first argument; arguments and results are JSON.
 */
export async function openEnvironments() {
  const project = await installPackage();
  const { ESM, CommonJS } = await bothForms(project);
  const page = await openPage(project);
  const inNode = (loaded) => ({
    run: async (file, name, ...args) => (await import(scenario(file)))[name](loaded, ...args),
  });
  return {
    project,
    page,
    'Node as ESM': inNode(ESM),
    'Node as CommonJS': inNode(CommonJS),
    Chromium: page,
    async close() {
      await page.close();
      await project.remove();
    },
  };
}
