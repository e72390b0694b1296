/** The usage of a team, for those who administer it. */
import { segment } from '@/api/http';
import type { Dimension, Team } from '@/api/types';
import { ExportMenu } from '@/features/usage/ExportMenu';
import { useTeamChoices } from '@/features/usage/filterChoices';
import { UsageFigures } from '@/features/usage/UsageFigures';
import { useUsageFilter } from '@/features/usage/useUsageFilter';

const DIMENSIONS: readonly Dimension[] = ['model', 'user', 'key', 'provider', 'endpoint'];

export function TeamUsage({ team }: { team: Team }) {
  const filter = useUsageFilter();
  const choices = useTeamChoices(team);
  const address = `/teams/${segment(team.id)}/usage` as const;
  return (
    <div className="lm-stack">
      <div>
        <ExportMenu address={`${address}/export`} query={filter.grouped} />
      </div>
      <UsageFigures address={address} filter={filter} dimensions={DIMENSIONS} choices={choices} />
    </div>
  );
}
