"""The transcript that makes a base model chat."""

from litemaas.providers.demo.few_shot import Turn, few_shot_prompt

EXAMPLES = """\
User: Hello!
Assistant: Hello! How can I help you today?

User: What is the largest planet in the solar system?
Assistant: The largest planet in the solar system is Jupiter.

"""


def test_a_question_follows_two_answered_ones_and_waits_for_its_answer():
    prompt = few_shot_prompt([Turn("user", "Why?")])

    assert prompt.startswith("The following is a conversation between a user and a helpful assistant.")
    assert prompt.endswith(f"\n\n{EXAMPLES}User: Why?\nAssistant:")


def test_a_system_prompt_replaces_the_introduction():
    prompt = few_shot_prompt([Turn("system", "You are Ada."), Turn("user", "Who are you?")])

    assert prompt == f"You are Ada.\n\n{EXAMPLES}User: Who are you?\nAssistant:"


def test_system_and_developer_prompts_stand_at_the_top_wherever_they_were():
    turns = [Turn("system", "You are Ada."), Turn("user", "Hi"), Turn("developer", "Be brief."), Turn("user", "Go on")]

    assert few_shot_prompt(turns) == f"You are Ada.\nBe brief.\n\n{EXAMPLES}User: Hi\n\nUser: Go on\nAssistant:"


def test_the_chat_so_far_is_kept_in_order():
    turns = [Turn("user", "Capital of France?"), Turn("assistant", "Paris."), Turn("user", "Of Italy?")]

    assert few_shot_prompt(turns).endswith(
        "User: Capital of France?\nAssistant: Paris.\n\nUser: Of Italy?\nAssistant:",
    )


def test_space_around_a_message_does_not_look_like_the_end_of_a_turn():
    assert few_shot_prompt([Turn("user", "\n Why? \n\n")]).endswith("User: Why?\nAssistant:")
