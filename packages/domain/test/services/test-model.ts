// A version of the mastery model that no fit has made, so that tests need no thousand answers for one.
import { historyQuestionIds, historyTopicIds } from '@studyin/testkit/random-history';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { sql } from './verify-domain.ts';

const coefficients = {
  question: [-0.1, 0.9, 1.1, 0.8, 0.4, -0.6, 0.6, 0.5, -0.06, -0.08],
  topic: [0.1, 0.95, 0.9, 0.7, 1.2, -0.8, -0.08],
};

/** Makes a version for the topics and questions of random histories, and the active one of it. */
export async function activateTestModel(domain: TestDomain, version: number): Promise<void> {
  await sql(
    domain,
    `insert into mastery_models (version, answers, p0_right, p0_total, coefficients)
    values ($1, 1000, 600, 1000, $2::jsonb)`,
    [version, JSON.stringify(coefficients)],
  );
  await sql(
    domain,
    `insert into mastery_model_counts (version, kind, id, answers_right, answers_total)
    select $1::int, kind, id, 3 * place + $1::int, 5 * place + 10
    from (
      select 'topic' as kind, id, place from unnest($2::uuid[]) with ordinality as t (id, place)
      union all
      select 'question', id, place from unnest($3::uuid[]) with ordinality as q (id, place)
    ) c`,
    [version, historyTopicIds, historyQuestionIds],
  );
  await sql(domain, `update mastery_models set active = false where active`);
  await sql(domain, `update mastery_models set active = true where version = $1`, [version]);
}
