import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { ApiError } from '@/api/http';
import { BudgetBar } from '@/shared/BudgetBar';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { KeyStateLabel } from '@/shared/States';
import { DataTable } from '@/shared/table/DataTable';

test('a budget says what is used of it, and how much that is once it gets tight', () => {
  render(<BudgetBar spent="83.12" maximum="100" label="Spent" />);
  expect(screen.getByText('$83.12 of $100.00 · 83%')).toBeTruthy();
});

test('a budget without a limit shows no bar', () => {
  render(<BudgetBar spent="3" maximum={null} label="Spent" />);
  expect(screen.getByText('$3.00, no limit')).toBeTruthy();
  expect(screen.queryByRole('progressbar')).toBeNull();
});

test('a state is a word, not a colour alone', () => {
  render(<KeyStateLabel item={{ state: 'over_budget', expires_at: null }} />);
  expect(screen.getByText('Over budget')).toBeTruthy();
});

test('what cannot be undone is done only after its name was typed', async () => {
  const confirm = vi.fn(() => Promise.resolve());
  render(<ConfirmDialog title="Revoke demo?" consequence="It stops." verb="Revoke" mustType="demo" onConfirm={confirm} onClose={() => undefined} />);
  const button = screen.getByRole('button', { name: 'Revoke' });
  expect(button).toHaveProperty('disabled', true);
  await userEvent.type(screen.getByRole('textbox'), 'demo');
  await userEvent.click(button);
  expect(confirm).toHaveBeenCalledOnce();
});

test('a refusal stays beside the question, in the words of the server', async () => {
  const refuse = () => Promise.reject(new ApiError('The key was revoked by somebody else.', 409, null, null));
  render(<ConfirmDialog title="Block demo?" consequence="It stops." verb="Block" onConfirm={refuse} onClose={() => undefined} />);
  await userEvent.click(screen.getByRole('button', { name: 'Block' }));
  expect(await screen.findByText('The key was revoked by somebody else.')).toBeTruthy();
});

test('a column head sorts descending first, then ascending', async () => {
  const onSort = vi.fn();
  const table = (sort: string) => (
    <DataTable label="Keys" rows={[{ name: 'a' }]} columns={[{ title: 'Name', sort: 'name', cell: (row) => row.name }]} rowId={(row) => row.name} rowName={(row) => row.name} sort={sort} onSort={onSort} />
  );
  const { rerender } = render(table(''));
  await userEvent.click(screen.getByRole('button', { name: 'Name' }));
  expect(onSort).toHaveBeenLastCalledWith('-name');
  rerender(table('-name'));
  await userEvent.click(screen.getByRole('button', { name: 'Name' }));
  expect(onSort).toHaveBeenLastCalledWith('name');
});
