/** That a model goes out of use: when it ends, else from when nobody should begin with it, and what to use instead. */
import { Label } from '@patternfly/react-core';
import { Trans, useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { CatalogueModel } from '@/api/types';
import { day } from '@/shared/format';

import { modelPath } from './modelPath';

type Retiring = Pick<CatalogueModel, 'deprecated_on' | 'sunset_on' | 'successor'>;

export function Retirement({ model: { deprecated_on, sunset_on, successor } }: { model: Retiring }) {
  const { t } = useTranslation('models');
  const when = sunset_on ?? deprecated_on;
  if (!when) return null;
  const key = sunset_on ? 'ends' : 'deprecated';
  return (
    <div className="lm-row">
      <Label isCompact status="warning">
        {t(key, { day: day(when) })}
      </Label>
      {successor && (
        <span>
          <Trans t={t} i18nKey="useInstead" values={{ successor }} components={{ model: <Link to={modelPath(successor)} /> }} />
        </span>
      )}
    </div>
  );
}
