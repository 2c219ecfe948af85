import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { StationError } from '../core/errors.ts'
import type { Context } from '../core/context.ts'

const fileName = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/)
const folder = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9/_-]*$/)

const descriptionForm = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string(),
  version: z.string(),
  pip: z
    .strictObject({
      requirements: fileName,
      options: z.array(z.string()).default([]),
      constraints: fileName.optional(),
      unpack: z.array(z.strictObject({ archive: z.string(), folders: z.record(folder, folder) })),
    })
    .optional(),
  maven: z.strictObject({ pom: fileName, hashes: fileName, into: z.array(z.strictObject({ prefix: z.string(), folder })) }).optional(),
  /** Empty folders that the engine expects. */
  folders: z.array(folder).default([]),
  /** Statements after which an engine has loaded the classes that its users need first. */
  training: fileName.optional(),
  templates: z.array(z.strictObject({ from: fileName, to: fileName })).default([]),
})

/** What an engine is made of: `infra/engines/<name>.yaml`. */
export interface EngineDescription extends z.output<typeof descriptionForm> {
  /** Folder of the description and of the files that it names. */
  readonly directory: string
  /** Changes with every file that decides what is installed: a changed pin gets a fresh home. */
  readonly digest: string
}

export async function loadDescription(name: string, context: Context): Promise<EngineDescription> {
  const directory = path.join(context.packageRoot, 'infra', 'engines')
  const file = path.join(directory, `${name}.yaml`)
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StationError('FILE_MISSING', `cannot read ${file}`, { where: { file }, cause })
  })
  const parsed = descriptionForm.safeParse(parse(text))
  if (!parsed.success) throw new StationError('UNEXPECTED', `${name}.yaml is not a description of an engine: ${z.prettifyError(parsed.error)}`, { where: { file } })
  const description = parsed.data
  const deciding = [description.pip?.requirements, description.pip?.constraints, description.maven?.pom, description.maven?.hashes].filter((part) => part !== undefined)
  const hash = createHash('sha256').update(JSON.stringify([description.pip, description.maven, description.folders]))
  for (const part of deciding) hash.update(await readFile(path.join(directory, part)))
  return { ...description, directory, digest: hash.digest('hex').slice(0, 10) }
}

/** Where the engine is, once installed. */
export function homeDirectory(description: EngineDescription, cacheDirectory: string): string {
  return path.join(cacheDirectory, 'engines', `${description.name}-${description.version}-${description.digest}`)
}
