"""The seeded faults that `mutations.py` makes: data, and functions that change files."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np


class Mutation(NamedTuple):
    """A fault, and the test that has to see it.

    Attributes
    ----------
    name : str
    file : str
        From the folder of the course.
    change : (str, str), or callable
        What is replaced by what, found once in the file; or a function that changes the file.
    test : str
        What pytest is given: the narrowest that sees the fault.
    """

    name: str
    file: str
    change: tuple[str, str] | Callable[[Path], object]
    test: str


# Changes that are no replaced text


def in_cell(name: str, edit: Callable[[dict], object]) -> Callable[[Path], None]:
    """Edit the JSON of a notebook's cell."""

    def change(path: Path) -> None:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        edit(next(cell for cell in notebook["cells"] if cell["id"] == name))
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")

    return change


def without_output(place: int) -> Callable[[dict], object]:
    return lambda cell: cell["outputs"].pop(place)


def without_line(line: str) -> Callable[[dict], object]:
    return lambda cell: cell["source"].remove(line)


def fail(cell: dict) -> None:
    error = {"output_type": "error", "ename": "E", "evalue": "no", "traceback": ["E: no"]}
    cell["outputs"].append(error)


def in_figure(edit: Callable[[np.ndarray], np.ndarray]) -> Callable[[dict], None]:
    """Edit the first figure of a cell."""

    def change(cell: dict) -> None:
        data = cell["outputs"][0]["data"]
        stored = np.frombuffer(base64.b64decode(data["image/png"]), np.uint8)
        picture = edit(cv2.imdecode(stored, cv2.IMREAD_COLOR))
        data["image/png"] = base64.b64encode(cv2.imencode(".png", picture)[1]).decode()

    return change


def in_picture(edit: Callable[[np.ndarray], np.ndarray]) -> Callable[[Path], None]:
    """Edit a picture file."""

    def change(path: Path) -> None:
        picture = edit(cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR))
        path.write_bytes(cv2.imencode(path.suffix, picture)[1])

    return change


def black_square(picture: np.ndarray) -> np.ndarray:
    return cv2.rectangle(picture, (60, 60), (65, 65), (0, 0, 0), cv2.FILLED)


def white_dots(picture: np.ndarray) -> np.ndarray:
    return cv2.rectangle(picture, (9, 9), (10, 9), (255, 255, 255), cv2.FILLED)


def same_in_gray(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)


def swap(one: str, other: str) -> Callable[[Path], None]:
    """Exchange two texts: the first occurrence of each, in this order."""

    def change(path: Path) -> None:
        before, after = path.read_text(encoding="utf-8").split(one, 1)
        between, after = after.split(other, 1)
        text = before + other + between + one + after
        path.write_text(text, encoding="utf-8", newline="\n")

    return change


def append(line: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.write_bytes(path.read_bytes() + f"{line}\n".encode())

    return change


# The mutations. Most of the notebook are of lesson 02, which runs fast.

GRAY = "notebooks/02_convert_to_grayscale.ipynb"
CONTOURS = "notebooks/05_find_contours.ipynb"
ENGINE = "tests/engine/test_"
RECOMPRESSION = f"{ENGINE}recompression.py::test_"
CHALLENGE = "tests/challenge/test_challenge.py::test_"
MADE = "tests/challenge/test_make_pairs.py::test_"
CHECKING = "tests/course/test_checking.py::test_"
HOUSE = "tests/house/test_"
COURSE = "tests/course/test_"


def form(test: str, lesson: str = "02_convert_to_grayscale") -> str:
    return f"{COURSE}notebooks.py::test_{test}[{lesson}]"


STORED = (
    Mutation("a number in a stream", GRAY, ('"91.89\\n"', '"91.88\\n"'), GRAY),
    Mutation(
        "the result of a cell",
        "notebooks/00_spot_the_difference.ipynb",
        ('"(450, 1000, 3)"', '"(450, 1000, 4)"'),
        "notebooks/00_spot_the_difference.ipynb",
    ),
    Mutation("a square in a figure", GRAY, in_cell("cell-04", in_figure(black_square)), GRAY),
    Mutation("the colours of a figure", GRAY, in_cell("cell-04", in_figure(same_in_gray)), GRAY),
    Mutation("a figure is missing", GRAY, in_cell("cell-04", without_output(0)), GRAY),
    Mutation("the code of a cell", GRAY, ("([0.114, 0.587", "([0.114, 0.578"), GRAY),
    Mutation("an assert of a cell", GRAY, ("equal(gray_scene, ", "equal(green, "), GRAY),
    Mutation(
        "an execution count",
        GRAY,
        ('"execution_count": 4', '"execution_count": 5'),
        form("is_stored_as_a_fresh_run_leaves_it"),
    ),
    Mutation(
        "metadata of an editor",
        GRAY,
        in_cell("cell-06", lambda cell: cell["metadata"].update(collapsed=True)),
        form("is_stored_as_a_fresh_run_leaves_it"),
    ),
    Mutation(
        "two cells with one id",
        GRAY,
        ('"id": "cell-06"', '"id": "cell-08"'),
        form("is_stored_as_a_fresh_run_leaves_it"),
    ),
    Mutation(
        "an error in the output",
        GRAY,
        in_cell("cell-06", fail),
        form("is_stored_as_a_fresh_run_leaves_it"),
    ),
    Mutation(
        "another kernel's name",
        GRAY,
        ('"display_name": "Python 3"', '"display_name": "Python"'),
        f"{COURSE}execute.py::test_a_stored_notebook_stays_as_it_is[02_convert_to_grayscale]",
    ),
    Mutation(
        "a path of a machine",
        GRAY,
        ('"91.89\\n"', '"/home/me/91.89\\n"'),
        form("text_outputs_are_short_and_name_no_path_of_a_machine"),
    ),
    Mutation(
        "a long output",
        GRAY,
        ('"91.89\\n"', f'"{"91.89 " * 200}"'),
        form("text_outputs_are_short_and_name_no_path_of_a_machine"),
    ),
    Mutation(
        "Right. is stored",
        GRAY,
        ('"Not attempted yet. Give gray_value a value above, then run this cell."', '"Right."'),
        form("what_is_stored_is_what_nothing_attempted_gives"),
    ),
)

LESSONS = (
    Mutation(
        "a cell of 16 lines",
        GRAY,
        ('"print(pixel)"', f'"print(pixel){"# more" * 15}"'.replace("#", "\\n#")),
        form("cells_are_short"),
    ),
    Mutation(
        "alt text is empty",
        GRAY,
        ('"alt": "A cat with green eyes, and the same cat with blue ones."', '"alt": ""'),
        form("every_figure_has_alt_text_and_a_caption_below"),
    ),
    Mutation(
        "alt text of another figure",
        GRAY,
        ('"alt": "A cat with green eyes, and the', '"alt": "A dog with green eyes, and the'),
        form("every_figure_has_alt_text_and_a_caption_below"),
    ),
    Mutation(
        "alt text of a picture in HTML is missing",
        "notebooks/00_spot_the_difference.ipynb",
        ('alt=\\"original: ', 'title=\\"original: '),
        form("every_figure_has_alt_text_and_a_caption_below", "00_spot_the_difference"),
    ),
    Mutation(
        "a caption is missing",
        GRAY,
        in_cell("cell-04", without_output(1)),
        form("every_figure_has_alt_text_and_a_caption_below"),
    ),
    Mutation(
        "a link of a lesson",
        GRAY,
        ("[lesson 01](01_load_images.ipynb)", "[lesson 01](01_load_image.ipynb)"),
        form("links_lead_somewhere"),
    ),
    Mutation(
        "a number that no cell prints",
        GRAY,
        ("so white stays 255.", "so white stays 255.5."),
        form("numbers_in_the_text_are_printed_by_a_cell"),
    ),
    Mutation(
        "order of the headings",
        GRAY,
        swap("## Where it breaks", "## Exercises"),
        form("order_of_the_lesson"),
    ),
    Mutation(
        "no goals",
        GRAY,
        ("**You will be able to**", "**You will know**"),
        form("order_of_the_lesson"),
    ),
    Mutation(
        "no slider",
        GRAY,
        ("sliders.green_weight(", "print("),
        form("order_of_the_lesson"),
    ),
    Mutation(
        "the helper is not held against the library",
        GRAY,
        ("assert np.array_equal", "np.array_equal"),
        form("order_of_the_lesson"),
    ),
    Mutation(
        "minutes of an exercise",
        GRAY,
        ("**Exercise 1** (2 minutes)", "**Exercise 1** (3 minutes)"),
        form("exercise_minutes_add_up"),
    ),
    Mutation(
        "an import in a later cell",
        GRAY,
        ('"weights = np.array', '"import numpy as np\\n",\n    "weights = np.array'),
        form("imports_stand_in_one_cell_before_all_else"),
    ),
    Mutation(
        "a hint is missing",
        GRAY,
        in_cell("cell-28", without_line("<details><summary>Hint</summary>\n")),
        form("every_exercise_has_a_stub_a_check_a_hint_and_a_solution"),
    ),
    Mutation(
        "a solution is missing",
        GRAY,
        in_cell("cell-28", without_line("<details><summary>Solution</summary>\n")),
        form("every_exercise_has_a_stub_a_check_a_hint_and_a_solution"),
    ),
    Mutation(
        "a stub is filled in",
        GRAY,
        ("gray_value = ...  # your", "gray_value = 96  # your"),
        form("every_exercise_has_a_stub_a_check_a_hint_and_a_solution"),
    ),
    Mutation(
        "another exercise is checked",
        GRAY,
        ('check(\\"02.1\\", gray_value)', 'check(\\"02.2\\", gray_value)'),
        form("every_exercise_has_a_stub_a_check_a_hint_and_a_solution"),
    ),
    Mutation(
        "the time of a long lesson",
        "notebooks/21_build_image_pairs.ipynb",
        ("*Its cells run in about", "*It runs in about"),
        form("a_lesson_from_20_on_says_how_long_its_cells_run", "21_build_image_pairs"),
    ),
    Mutation(
        "time that is exceeded",
        "tests/notebook_times.py",
        ("sum(durations) <= 2 * said", "sum(durations) <= 20 * said"),
        f"{COURSE}notebook_times.py::test_more_than_twice_the_time_is_told",
    ),
)

EXERCISES = (
    Mutation("a solution is wrong", GRAY, ("round(0.114 * 200 + 0", "round(0.299 * 200 + 0"), GRAY),
    Mutation(
        "the message of a check",
        "helpers/course/lessons/lesson_02.py",
        ("This is the plain mean.", "This is the mean."),
        GRAY,
    ),
    Mutation(
        "a check that accepts everything",
        "helpers/course/lessons/lesson_02.py",
        ("return compare_answer(answer, right, mistakes, tolerance=0.5)", 'return "Right."'),
        GRAY,
    ),
    Mutation(
        "a check that fails on junk",
        "helpers/course/checking.py",
        ("except ValueError:  # rows", "except TypeError:  # rows"),
        GRAY,
    ),
    Mutation(
        "only two wrong answers",
        "tests/lessons/lesson_02.py",
        append('WRONG["02.1"] = WRONG["02.1"][:2]'),
        GRAY,
    ),
    Mutation(
        "a wrong answer that passes",
        "tests/lessons/lesson_02.py",
        ('"gray_value = 95", "too small"', '"gray_value = 96", "too small"'),
        GRAY,
    ),
    Mutation(
        "nothing attempted is taken for wrong",
        "helpers/course/exercises.py",
        ("if answer is ...:", "if answer is None:"),
        GRAY,
    ),
    Mutation(
        "a mistake that all checks know",
        "helpers/course/checking.py",
        ("answer[..., ::-1], right", "answer[::-1], right"),
        f"{COURSE}checking.py::test_general_mistakes_are_recognised",
    ),
    Mutation(
        "an exercise is not listed",
        "helpers/course/lessons/lesson_02.py",
        ('@exercise("02.3", "error")', '@exercise("02.4", "error")'),
        f"{COURSE}checking.py::test_the_checks_are_those_of_the_lessons",
    ),
    Mutation(
        "a missing file is told as a wrong answer",
        "helpers/course/exercises.py",
        ("except (CourseFileError, Key", "except (ZeroDivisionError, Key"),
        f"{HOUSE}places.py::test_no_answer_is_blamed_for_a_picture_that_is_missing",
    ),
)

QUIZ = (
    Mutation(
        "two right choices",
        "helpers/course/lessons/lesson_01.py",
        ('warns you.",', 'warns you.",\n                right=True,'),
        f"{COURSE}quiz.py::test_questions_are_well_formed[recipe]",
    ),
    Mutation(
        "a claim that is false",
        "helpers/course/lessons/lesson_05.py",
        ("so the area is 4.", "so the area is 9."),
        f"{COURSE}quiz.py::test_recipe_07_areas",
    ),
    Mutation(
        "a question changed without a run",
        "helpers/course/lessons/lesson_05.py",
        ("Which of these white patches do", "Which of these patches do"),
        f"{COURSE}quiz.py::test_a_quiz_stands_in_a_lesson_and_its_questions_are_stored[recipe]",
    ),
    Mutation(
        "an incomplete question",
        "helpers/course/questions.py",
        ("if not (choice.text and choice.why)", "if not choice.text"),
        f"{COURSE}quiz.py::test_an_incomplete_question_is_refused",
    ),
    Mutation(
        "the verdict in the browser",
        "helpers/course/front_end/quiz.js",
        ('right ? "Right." : "Not this one."', 'right ? "Not this one." : "Right."'),
        "tests/browser/test_quiz_page.py::"
        "test_each_choice_is_explained_and_the_first_answer_counts[real_pictures]",
    ),
    Mutation(
        "keys leave a widget",
        "helpers/viewer/front_end/common.js",
        ("event.stopPropagation()", "event"),
        "tests/browser/test_quiz_page.py::test_keys_stay_in_the_quiz",
    ),
    Mutation(
        "contrast of a style sheet",
        "helpers/course/front_end/quiz.css",
        (".quiz p { margin: 0; }", ".quiz p { margin: 0; color: #999; }"),
        "tests/browser/test_quiz_page.py::test_axe_finds_nothing_and_targets_are_large[recipe]",
    ),
)

SLIDERS = (
    Mutation(
        "a callback ignores its value",
        "helpers/course/lessons/lesson_02.py",
        ("round(one * green)", "round(one * 0.587)"),
        GRAY,
    ),
    Mutation(
        "a callback fails at its upper end",
        "helpers/course/lessons/lesson_05.py",
        ("thickness=3)", "thickness=3 - 3 * (area == 1500))"),
        f"{CONTOURS}::all sliders: ends",
    ),
    Mutation(
        "the reading is without the value",
        "helpers/course/lessons/lesson_02.py",
        ('f"weight {green:.3f}: largest', 'f"largest'),
        f"{GRAY}::slider green_weight: positions",
    ),
    Mutation(
        "the range of a slider",
        "helpers/course/lessons/lesson_02.py",
        ('"", 0.587, 0, 1, 0.001)', '"", 0.587, 0, 0.9, 0.001)'),
        f"{GRAY}::slider green_weight: positions",
    ),
    Mutation(
        "the step of a slider",
        "helpers/course/lessons/lesson_02.py",
        ('"", 0.587, 0, 1, 0.001)', '"", 0.587, 0, 1, 0.01)'),
        f"{GRAY}::slider green_weight: positions",
    ),
    Mutation(
        "a slider without positions",
        "tests/lessons/lesson_02.py",
        ('"green_weight": [', '"weight": ['),
        f"{COURSE}sliders.py::test_every_slider_has_positions_in_the_tests_of_a_lesson",
    ),
    Mutation(
        "alt text does not follow the reading",
        "helpers/viewer/explorer.py",
        ('f"{name}: {reading}"', 'f"{name}"'),
        "tests/viewer/test_explorer.py::test_alt_text_follows_the_state",
    ),
    Mutation(
        "the picture does not follow",
        "helpers/viewer/explorer.py",
        ("if before is not picture or", "if before is None or"),
        f"{COURSE}sliders.py::test_pictures_at_the_ends_are_the_right_ones",
    ),
    Mutation(
        "a move is not answered",
        "helpers/viewer/explorer.py",
        ('self.send({"answered": content["number"]})', "pass"),
        "tests/viewer/test_explorer.py::test_each_move_is_answered_also_one_that_fails",
    ),
    Mutation(
        "a slider ignores keys",
        "helpers/viewer/front_end/explorer.js",
        ("    moved(Number(range.value));\n", ""),
        "tests/browser/test_lab.py::test_widgets_follow_the_keyboard_and_are_readable[gallery-Light]",
    ),
    Mutation(
        "the comparison of figures sees less",
        "tests/stored_figures.py",
        ("VISIBLE = 16", "VISIBLE = 160"),
        "tests/viewer/test_figures.py::test_a_single_black_pixel_is_reported",
    ),
)

STEPS = (
    Mutation(
        "a file that is empty",
        "helpers/files.py",
        ("    if size <= 0:", "    if False:"),
        f"{ENGINE}loading.py::test_an_empty_file",
    ),
    Mutation(
        "a picture that says it is vast",
        "helpers/headers.py",
        ("if header.width * header.height > limit * 1e6:", "if False:"),
        f"{ENGINE}headers.py::test_what_says_it_is_vast_is_never_decoded",
    ),
    Mutation(
        "a chunk that says it is vast",
        "helpers/headers.py",
        ('        if kind == "PNG":', "        if False:"),
        f"{ENGINE}headers.py::test_a_chunk_that_says_it_is_vast_is_never_decoded",
    ),
    Mutation(
        "packed notes without end",
        "helpers/headers.py",
        ("for kind, _ in chunks) > MOST_PACKED:", "for kind, _ in chunks) < 0:"),
        f"{ENGINE}headers.py::test_many_packed_notes_are_refused_wherever_they_are",
    ),
    Mutation(
        "a small file that unpacks without end",
        "helpers/headers.py",
        ("MOST_UNCHECKED = 2**19", "MOST_UNCHECKED = 2**23"),
        f"{ENGINE}headers.py::test_a_small_png_is_no_bomb",
    ),
    Mutation(
        "a size that Pillow skips",
        "helpers/headers.py",
        ("readable = all(kind in COUNTS", "readable = all(kind != -1"),
        f"{ENGINE}headers.py::test_a_tiff_whose_layout_cannot_be_read_is_never_decoded",
    ),
    Mutation(
        "channels one after the other",
        "helpers/headers.py",
        ("    if separate and (", "    if False and ("),
        f"{ENGINE}headers.py::test_what_is_whole_but_not_read_is_called_that",
    ),
    Mutation(
        "a picture that follows another",
        "helpers/headers.py",
        ('return "more than 1" if followed and', 'return "more than 1" if False and'),
        f"{ENGINE}headers.py::test_a_second_picture_in_a_file_is_said",
    ),
    Mutation(
        "pages that are part of a page",
        "helpers/headers.py",
        ("            count += not is_copy", "            count += 0 * is_copy"),
        f"{ENGINE}headers.py::test_pages_within_a_page_are_counted_unless_they_are_small_copies",
    ),
    Mutation(
        "a gamma that a PNG notes",
        "helpers/headers.py",
        ("> SRGB_GAMMA / 20", "> SRGB_GAMMA * 20"),
        f"{ENGINE}headers.py::test_colours_other_than_srgb_are_told_without_a_profile",
    ),
    Mutation(
        "Adobe RGB that EXIF notes",
        "helpers/headers.py",
        ('"Adobe RGB" if index == "R03"', '"Adobe RGB" if index == "R98"'),
        f"{ENGINE}headers.py::test_adobe_rgb_is_told_by_exif",
    ),
    Mutation(
        "values of a PNM that are not scaled",
        "helpers/headers.py",
        ("highest not in (255, 65535)", "highest > 65535"),
        f"{ENGINE}headers.py::test_a_pnm_that_opencv_does_not_scale_is_refused",
    ),
    Mutation(
        "alpha of a BMP",
        "helpers/headers.py",
        ("return len(fourth) not in", "return len(fourth) in"),
        f"{ENGINE}loading.py::test_alpha_of_a_bmp_that_is_not_read_is_said",
    ),
    Mutation(
        "a photograph on its side",
        "helpers/loading.py",
        ("    if orientation in SIDEWAYS:", "    if orientation in FLIPS:"),
        f"{ENGINE}loading.py::test_photographs_are_turned_upright",
    ),
    Mutation(
        "what C libraries print",
        "helpers/app/terminal.py",
        ("        os.dup2(writing, 2)", "        pass"),
        "tests/app/test_cli.py::test_what_c_libraries_say_of_a_damaged_file_is_not_shown",
    ),
    Mutation(
        "what C libraries print about a picture that is compared",
        "helpers/app/terminal.py",
        ("[:MOST_LINES]", "[:0]"),
        "tests/app/test_cli.py::test_what_c_libraries_say_of_a_picture_that_is_compared_is_shown",
    ),
    Mutation(
        "a pipe without a writer",
        "helpers/files.py",
        (
            "        if stat.S_ISFIFO(mode):\n            _wait(",
            "        if False:\n            _wait(",
        ),
        f"{ENGINE}files.py::test_a_pipe_without_a_writer_is_given_up",
    ),
    Mutation(
        "pages after the first",
        "helpers/loading.py",
        ('if header.frames != "1":', "if False:"),
        f"{ENGINE}headers.py::test_of_several_frames_the_first_is_read_and_the_number_is_said",
    ),
    Mutation(
        "a profile that moves colours",
        "helpers/profiles.py",
        ("return name if moved > most", "return name if moved > 255"),
        f"{ENGINE}headers.py::test_a_profile_is_judged_by_what_it_does_and_named_by_what_it_says",
    ),
    Mutation(
        "a transparent TIFF multiplied twice",
        "helpers/loading.py",
        ("    if premultiplied:\n", "    if False:\n"),
        f"{ENGINE}loading.py::test_a_transparent_tiff_is_the_same_picture_as_its_png",
    ),
    Mutation(
        "the bits that a pair uses",
        "helpers/loading.py",
        ("bits = used if len(deep) == 2 else DEPTHS[-1]", "bits = DEPTHS[-1]"),
        f"{ENGINE}loading.py::test_a_pair_of_16_bits_is_scaled_by_what_it_uses",
    ),
    Mutation(
        "opacity that white hides",
        "helpers/loading.py",
        ("    if alike:\n", "    if False:\n"),
        f"{ENGINE}loading.py::test_opacity_that_white_hides_is_said",
    ),
    Mutation(
        "opacity is not compared",
        "helpers/methods.py",
        ("    if planes:\n", "    if False:\n"),
        f"{ENGINE}opacity.py::test_what_differs_in_opacity_alone_has_a_box_and_a_word",
    ),
    Mutation(
        "opacity of a picture that was moved",
        "helpers/opacity.py",
        ("    if comparison.alignment:\n", "    if False:\n"),
        f"{ENGINE}opacity.py::test_opacity_is_aligned_as_the_picture_is",
    ),
    Mutation(
        "a checkerboard under opaque pixels",
        "helpers/comparison.py",
        ("squares == 1, 255 - opacity, 0", "squares == 1, opacity, 0"),
        f"{ENGINE}opacity.py::test_a_checkerboard_shows_through",
    ),
    Mutation(
        "a page that costs as much to insert as to change",
        "helpers/page_order.py",
        ("GAP = UNLIKE // 2", "GAP = 9 * UNLIKE"),
        f"{ENGINE}page_files.py::test_pages_of_a_pdf_inserted_removed_and_changed",
    ),
    Mutation(
        "what all pages have in common",
        "helpers/page_order.py",
        ("(pages - mean) / STRONG", "pages / STRONG"),
        f"{ENGINE}page_order.py::test_what_all_pages_have_does_not_make_them_alike",
    ),
    Mutation(
        "pages in the order of the files given",
        "helpers/page_order.py",
        ("    if (len(one), one.tobytes()) > (len(other), other.tobytes()):\n", "    if False:\n"),
        f"{ENGINE}page_order.py::test_swapped_files_have_swapped_pairs",
    ),
    Mutation(
        "a vast page is drawn",
        "helpers/pdf_process.py",
        ("if width * height > most:", "if False:"),
        f"{ENGINE}page_files.py::test_a_vast_page_is_never_drawn_and_the_others_are_compared",
    ),
    Mutation(
        "PDFium may take for ever",
        "helpers/pdf.py",
        ("            late.set()\n            process.kill()\n", "            late.set()\n"),
        f"{ENGINE}page_files.py::test_whatever_pdfium_does_it_is_told_in_words[hangs]",
    ),
    Mutation(
        "a process that is left",
        "helpers/pdf.py",
        ("            self._process.kill()\n            self._process.communicate()\n", ""),
        f"{ENGINE}page_files.py::test_no_process_is_left",
    ),
    Mutation(
        "the pages after a page of a TIFF",
        "helpers/headers.py",
        ("    links.place.pack_into(changed, links.end(data, place), 0)\n", ""),
        f"{ENGINE}page_files.py::test_each_page_of_a_tiff_has_its_own_size_and_depth",
    ),
    Mutation(
        "too many pages",
        "helpers/documents.py",
        ("    if len(chosen) > most:\n", "    if False:\n"),
        f"{ENGINE}page_files.py::test_a_pdf_that_cannot_be_read[many]",
    ),
    Mutation(
        "a profile is not used",
        "helpers/loading.py",
        ("            if pixels is None:\n", "            if True:\n"),
        f"{ENGINE}profiles.py::test_a_picture_in_other_colours_is_the_same_picture",
    ),
    Mutation(
        "values that are no uint8",
        "helpers/loading.py",
        (
            "if image.dtype != np.uint8:\n        raise PictureError(\n            f",
            "if 0:\n        (f",
        ),
        f"{ENGINE}steps.py::test_bad_arrays_are_refused_in_words",
    ),
    Mutation(
        "transparency becomes black",
        "helpers/loading.py",
        ("+ 255 * (255 - opacity)", "+ 0 * (255 - opacity)"),
        f"{ENGINE}loading.py::test_transparency_is_laid_on_white_with_a_warning",
    ),
    Mutation(
        "red and blue of gray",
        "helpers/grayscale.py",
        ("COLOR_BGR2GRAY", "COLOR_RGB2GRAY"),
        f"{ENGINE}steps.py::test_gray_is_cvt_color",
    ),
    Mutation(
        "a constant of SSIM",
        "helpers/similarity.py",
        ("(0.03 * 255)", "(0.02 * 255)"),
        f"{ENGINE}similarity.py::test_local_changes",
    ),
    Mutation(
        "the difference is not clipped",
        "helpers/similarity.py",
        ("return (np.clip(similarity, 0, 1) * 255)", "return (similarity * 255)"),
        f"{ENGINE}steps.py::test_difference_image_clips_below_zero",
    ),
    Mutation(
        "the direction of Otsu",
        "helpers/threshold.py",
        ("THRESH_BINARY_INV", "THRESH_BINARY"),
        "tests/app/test_cli.py::test_classic",
    ),
    Mutation(
        "contours of holes",
        "helpers/contours.py",
        ("(mask, cv2.RETR_EXTERNAL", "(mask, cv2.RETR_LIST"),
        f"{COURSE}quiz.py::test_recipe_05_not_inverted",
    ),
    Mutation(
        "a box off by one",
        "helpers/boxes.py",
        ("right, bottom = x + width - 1, y", "right, bottom = x + width, y"),
        f"{ENGINE}steps.py::test_drawing_leaves_the_picture_alone_and_frames_the_box",
    ),
    Mutation(
        "boxes drawn on the picture itself",
        "helpers/boxes.py",
        ("to_bgr(image).copy()", "to_bgr(image)"),
        f"{ENGINE}steps.py::test_drawing_leaves_the_picture_alone_and_frames_the_box",
    ),
    Mutation(
        "the order of boxes",
        "helpers/boxes.py",
        ("return box.y, box.x,", "return box.x, box.y,"),
        f"{ENGINE}steps.py::test_boxes_come_from_top_to_bottom_and_small_ones_can_be_left_out",
    ),
)

HOSTILE = (
    Mutation(
        "a subclass changes an answer",
        "helpers/loading.py",
        ("return np.asarray(array)", "return array"),
        f"{ENGINE}hostile.py::test_no_comparison_depends_on_how_its_pictures_lie_in_memory",
    ),
    Mutation(
        "the most boxes to ignore",
        "helpers/boxes.py",
        (", most=MOST_IGNORED)", ")"),
        f"{ENGINE}hostile.py::test_what_would_take_minutes_or_gigabytes_is_refused_at_once",
    ),
    Mutation(
        "a truth that counts as 1",
        "helpers/loading.py",
        ("None if isinstance(value, bool) else int(", "int("),
        f"{ENGINE}hostile.py::test_common_mistakes_are_named",
    ),
    Mutation(
        "a map that holds no similarity",
        "helpers/similarity.py",
        (
            "if not (lowest >= -1 - ROUNDING and highest <= 1 + ROUNDING)",
            "if highest > 1 + ROUNDING",
        ),
        f"{ENGINE}hostile.py::test_common_mistakes_are_named",
    ),
    Mutation(
        "threads of OpenCV at a fork",
        "helpers/forking.py",
        ("        cv2.setNumThreads(1)\n", "        cv2.setNumThreads(2)\n"),
        f"{ENGINE}forking.py::test_processes_find_what_one_finds[with_pool-fork]",
    ),
    Mutation(
        "a lock that is held at a fork",
        "helpers/loading.py",
        ("self._lock, self._inside = threading.Lock(), 0", "self._inside = 0"),
        f"{ENGINE}forking.py::test_a_child_reads_pictures_although_another_thread_held_the_lock",
    ),
    Mutation(
        "a class that equals anything is right",
        "helpers/course/honesty.py",
        ("bool(answer == OTHER) or not", "False and not"),
        f"{CHECKING}nothing_that_only_claims_to_be_equal_is_right",
    ),
    Mutation(
        "an answer that ends Python",
        "helpers/course/exercises.py",
        ("except SystemExit:", "except ZeroDivisionError:"),
        f"{CHECKING}a_function_that_ends_python_is_told",
    ),
    Mutation(
        "an answer that is no Exception",
        "helpers/course/exercises.py",
        ("except BaseException as error:", "except Exception as error:"),
        f"{CHECKING}a_check_answers_in_words_whatever_it_is_given",
    ),
)

ROBUST = (
    Mutation(
        "coarse steps make a JPEG of flat colours",
        "helpers/recompression.py",
        ("(quality < COARSE or not is_digital)", "not is_digital"),
        f"{RECOMPRESSION}flat_colours_that_are_brighter_are_no_jpeg_of_coarse_steps",
    ),
    Mutation(
        "what a change spreads to in its block of a JPEG belongs to it",
        "helpers/recompression.py",
        ("SPREAD = 0.3", "SPREAD = 0.0"),
        f"{RECOMPRESSION}a_digit_and_a_faint_patch_are_found_in_a_jpeg",
    ),
    Mutation(
        "flat blocks tell of a quality",
        "helpers/recompression.py",
        ("VARIED = 4", "VARIED = 0"),
        f"{RECOMPRESSION}noise_resampling_another_exposure_and_webp_are_no_jpeg",
    ),
    Mutation(
        "a JPEG of other colours is taken as exact",
        "helpers/recompression.py",
        ("COLOURFUL = 48 ", "COLOURFUL = 480 "),
        f"{RECOMPRESSION}colour_that_another_program_halved_is_no_change",
    ),
    Mutation(
        "what is rounded to the next step is a change",
        "helpers/recompression.py",
        ("STEP = 1.25", "STEP = -1.0"),
        f"{RECOMPRESSION}two_jpegs_of_one_picture_are_no_change",
    ),
    Mutation(
        "the extent of a change",
        "helpers/robust.py",
        ("1.25, 39), (1.6, 1, NEAR)", "1.0, 99), (1.0, 1, NEAR)"),
        f"{ENGINE}robust.py::test_a_box_ends_where_the_change_is_strong",
    ),
    Mutation(
        "what a change must reach",
        "helpers/robust.py",
        ("(settings.ignore_below / CLEAR)", "(settings.ignore_below)"),
        f"{ENGINE}verdict.py::test_what_is_below_ignore_below_is_ignored_on_every_kind",
    ),
    Mutation(
        "one block decides for all",
        "helpers/noise.py",
        ("BLOCKS, USUAL = 3, 0.67", "BLOCKS, USUAL = 1, 0.67"),
        f"{ENGINE}robust.py::test_the_tolerance_is_that_of_the_unchanged_part",
    ),
    Mutation(
        "line art is never drawn again",
        "helpers/line_art.py",
        ("FLIPS = 0.27 ", "FLIPS = 2.0 "),
        f"{ENGINE}line_art.py::test_edges_that_jitter_are_no_change",
    ),
    Mutation(
        "edges jitter by a pixel at most",
        "helpers/line_art.py",
        ("MOST_JITTER = 3 ", "MOST_JITTER = 1 "),
        f"{ENGINE}line_art.py::test_jitter_is_measured",
    ),
    Mutation(
        "thicker strokes are jitter",
        "helpers/line_art.py",
        ("BALANCE = 0.2 ", "BALANCE = 0.0 "),
        f"{ENGINE}line_art.py::test_strokes_that_all_got_thicker_are_a_change",
    ),
    Mutation(
        "a pixel that flips alone is a change",
        "helpers/noise.py",
        ("LEAST_TOGETHER = 19, 6 ", "LEAST_TOGETHER = 19, 0 "),
        f"{ENGINE}situations.py::test_a_careful_person_would_say_the_same",
    ),
    Mutation(
        "a shape that moved has one sign",
        "helpers/kinds.py",
        ("return min(sided, abs(signed.sum())", "return max(sided, abs(signed.sum())"),
        f"{ENGINE}kinds.py::test_shapes_drawn_again_are_not_exact",
    ),
    Mutation(
        "heavier strokes are a new colour",
        "helpers/kinds.py",
        ("HEAVIER = 0.1 ", "HEAVIER = -1 "),
        f"{ENGINE}kinds.py::test_shapes_drawn_again_are_not_exact",
    ),
    Mutation(
        "a new colour was drawn again",
        "helpers/kinds.py",
        ("ENDS = 0.7 ", "ENDS = 99 "),
        f"{ENGINE}kinds.py::test_shapes_of_another_colour_are_exact",
    ),
    Mutation(
        "what is ignored differs",
        "helpers/robust.py",
        ("cv2.subtract(image, pair.ignored, image)", "pass"),
        f"{ENGINE}robust.py::test_no_blur_reaches_into_what_is_ignored",
    ),
    Mutation(
        "smooth pictures tell nothing",
        "helpers/kinds.py",
        ("FEW, SMALL = 8, 4", "FEW, SMALL = 0, 4"),
        f"{ENGINE}verdict.py::test_a_patch_of_an_exact_pair_counts_from_3_levels_and_4_pixels",
    ),
    Mutation(
        "cells flat in one picture tell",
        "helpers/kinds.py",
        ("cv2.min(step, other_step), apart)", "cv2.max(step, other_step), apart)"),
        f"{ENGINE}kinds.py::test_what_was_added_to_a_flat_ground_says_nothing_of_the_kind",
    ),
    Mutation(
        "what jitters is exact",
        "helpers/kinds.py",
        ("JITTERS = 0.5", "JITTERS = 2.0"),
        f"{ENGINE}situations.py::test_a_careful_person_would_say_the_same[letters_at_whole_pixels_and_at_quarters]",
    ),
    Mutation(
        "what was stored again is exact",
        "helpers/kinds.py",
        ("SAME = 0.25", "SAME = -1.0"),
        f"{ENGINE}kinds.py::test_shapes_drawn_again_are_not_exact",
    ),
    Mutation(
        "a wide change is noise",
        "helpers/wide.py",
        ("BEYOND = 5.0", "BEYOND = 50.0"),
        f"{ENGINE}verdict.py::test_a_flat_ground_that_changed_is_found_below_what_pixels_may_differ_by",
    ),
    Mutation(
        "noise is a wide change",
        "helpers/wide.py",
        ("BEYOND = 5.0", "BEYOND = 0.5"),
        f"{ENGINE}kinds.py::test_a_small_icon_with_another_dot_or_colour_is_exact",
    ),
    Mutation(
        "gaps as wide as merge are closed",
        "helpers/pieces.py",
        ("(min(max(merge, 1), side) - 1 for", "(min(merge + 1, side) - 1 for"),
        f"{ENGINE}verdict.py::test_pieces_are_joined_when_gaps_are_smaller_than_merge",
    ),
    Mutation(
        "as many pixels as asked are too few",
        "helpers/pieces.py",
        ("large = pixels >= least", "large = pixels > least"),
        f"{ENGINE}verdict.py::test_a_patch_of_an_exact_pair_counts_from_3_levels_and_4_pixels",
    ),
    Mutation(
        "boxes of one side are not nested",
        "helpers/pieces.py",
        ("(corners[there] >= corners[outer])", "(corners[there] > corners[outer])"),
        f"{ENGINE}verdict.py::test_of_nested_boxes_the_outer_one_is_left",
    ),
    Mutation(
        "any number of pieces is boxed",
        "helpers/pieces.py",
        ("if np.count_nonzero(kept) > MOST:", "if False:"),
        f"{ENGINE}verdict.py::test_half_a_million_pieces_are_joined",
    ),
    Mutation(
        "padded boxes lie in others",
        "helpers/robust.py",
        ("without_nested([padded", "list([padded"),
        f"{ENGINE}robust.py::test_pad_grows_boxes_and_ends_at_the_border",
    ),
    Mutation(
        "light explains a patch",
        "helpers/robust.py",
        (" or self._is_patched", ""),
        f"{ENGINE}verdict.py::test_a_patch_on_one_colour_is_no_other_exposure",
    ),
    Mutation(
        "a move is no difference",
        "helpers/robust.py",
        ('"explained" if is_explained else "no difference"', '"no difference"'),
        f"{ENGINE}robust.py::test_what_is_ignored_stays_so_when_tones_are_matched",
    ),
    Mutation(
        "faint areas are beyond any ignore_below",
        "helpers/robust.py",
        ("clear[part] &= cv2.inRange(apart, settings.ignore_below, 255)", "pass"),
        f"{ENGINE}verdict.py::test_what_is_below_ignore_below_is_ignored_on_every_kind",
    ),
    Mutation(
        "the sign of an alignment",
        "helpers/alignment.py",
        ("Alignment(*motion[:2].tolist()", "Alignment(*(-motion[:2]).tolist()"),
        f"{ENGINE}alignment.py::test_the_numbers_say_how_the_second_picture_lay",
    ),
    Mutation(
        "a turned guess",
        "helpers/alignment.py",
        ("(TURNED - y) * math.pi", "(y - TURNED) * math.pi"),
        f"{ENGINE}alignment.py::test_ten_degrees_and_a_seventh_are_found",
    ),
    Mutation(
        "a bend that hardly helps",
        "helpers/alignment.py",
        ("STRAIGHTENS = 0.3", "STRAIGHTENS = 30"),
        f"{ENGINE}alignment.py::test_what_moved_alone_bends_nothing",
    ),
    Mutation(
        "no bend",
        "helpers/alignment.py",
        ("return bent if bent.miss", "return straight if bent.miss"),
        f"{ENGINE}alignment.py::test_a_slant_and_a_lens_are_straightened",
    ),
    Mutation(
        "a shift that is nearly whole",
        "helpers/alignment.py",
        ("left.sum() <= found.misfits.sum()", "left.sum() < 0"),
        f"{ENGINE}alignment.py::test_a_whole_shift_is_exactly_whole",
    ),
    Mutation(
        "a ramp votes",
        "helpers/patches.py",
        ("slopes -= (slopes @ window)[..., None]", "slopes = slopes * 1"),
        f"{ENGINE}alignment.py::test_a_ramp_knows_no_shift_and_an_edge_only_one",
    ),
    Mutation(
        "a negative is unlike",
        "helpers/alignment.py",
        ("_shifted(first, -second, (0.0", "_shifted(first, second, (0.0"),
        f"{ENGINE}alignment.py::test_a_negative_far_off_is_found",
    ),
    Mutation(
        "what shifts as one is seen from elsewhere",
        "helpers/alignment.py",
        ("if shifted.mean() > SHIFTING:", "if False:"),
        f"{ENGINE}alignment.py::test_a_change_is_no_misalignment",
    ),
    Mutation(
        "a view that patches do not confirm",
        "helpers/alignment.py",
        ("if agree < max(FEWEST_SEEN, least * len(corners)) or ", "if "),
        f"{ENGINE}alignment.py::test_a_quarter_that_is_the_same_is_no_view",
    ),
    Mutation(
        "certain features need as many patches",
        "helpers/alignment.py",
        ("least = CONFIRMED if", "least = MOST_SEEN if"),
        f"{ENGINE}alignment.py::test_a_sheet_over_half_of_a_view_does_not_drag_it",
    ),
    Mutation(
        "patches are cut beside a view",
        "helpers/patches.py",
        ("cv2.perspectiveTransform(there, view)", "cv2.transform(there, view[:2])"),
        f"{ENGINE}alignment.py::test_a_view_is_put_in_numbers",
    ),
    Mutation(
        "a view is not warped",
        "helpers/alignment.py",
        ("hidden, matrix, bend, view,", "hidden, matrix, bend, None,"),
        f"{ENGINE}alignment.py::test_what_a_view_does_not_show_is_marked",
    ),
    Mutation(
        "the light of a view",
        "helpers/robust.py",
        ("return find_shade(", "return find_tone("),
        f"{ENGINE}tone.py::test_a_shadow_over_a_view_is_light",
    ),
    Mutation(
        "a bend is seen straight",
        "helpers/motion.py",
        ("if bend is not None:", "if False:"),
        f"{ENGINE}alignment.py::test_what_the_second_does_not_show_is_marked",
    ),
    Mutation(
        "levels need not foretell each other",
        "helpers/curves.py",
        ("foretold(levels) > (", "foretold(levels) > -9 * ("),
        f"{ENGINE}tone.py::test_a_recoloured_page_is_no_other_exposure",
    ),
    Mutation(
        "levels that were rounded twice are an exposure",
        "helpers/curves.py",
        ("ONCE = 0.95 ", "ONCE = 0.5 "),
        f"{ENGINE}tone.py::test_a_page_drawn_in_the_colours_of_an_exposure_is_changed",
    ),
    Mutation(
        "a page is darker though its text is not",
        "helpers/curves.py",
        ("SHIFT_OFF = 0.5 ", "SHIFT_OFF = 5 "),
        f"{ENGINE}tone.py::test_a_page_and_its_text_that_are_darker_alike_are_another_exposure",
    ),
    Mutation(
        "what was lit after it was stored is exact",
        "helpers/robust.py",
        ("(not self.tone or self.tone.exact) and ", ""),
        f"{ENGINE}tone.py::test_what_was_stored_before_it_was_lit_is_not_exact",
    ),
    Mutation(
        "channels need not go together",
        "helpers/curves.py",
        ("return alike(levels) and foretold", "return foretold"),
        f"{ENGINE}tone.py::test_other_colours_are_no_other_exposure",
    ),
    Mutation(
        "levels that were kept elsewhere",
        "helpers/tone.py",
        ("kept[seen].mean() < KEPT", "kept[seen].mean() < 2"),
        f"{ENGINE}tone.py::test_a_level_that_was_kept_elsewhere_is_no_other_exposure",
    ),
    Mutation(
        "the exact new level of each",
        "helpers/tone.py",
        ("channel[near]] = new[near]", "channel[near]] += 0"),
        f"{ENGINE}tone.py::test_without_loss_what_was_not_changed_comes_out_the_same_to_the_last_bit",
    ),
    Mutation(
        "light of the wrong picture",
        "helpers/tone.py",
        ("if light.mean() > 1:", "if False:"),
        f"{ENGINE}tone.py::test_light_that_differs_smoothly_by_place_is_evened_out",
    ),
    Mutation(
        "the picture whose tones are changed",
        "helpers/tone.py",
        ('("first", counts, of_flat,', '("second", counts, of_flat,'),
        f"{ENGINE}tone.py::test_each_channel_has_its_own_curve",
    ),
    Mutation(
        "the default of a setting",
        "helpers/settings.py",
        ("default=19,", "default=20,"),
        f"{ENGINE}settings.py::test_one_more_setting_is_a_slider_of_the_app",
    ),
    Mutation(
        "changes of three levels are ignored",
        "helpers/settings.py",
        ("default=3,", "default=4,"),
        f"{ENGINE}situations.py::test_a_careful_person_would_say_the_same[flat_patch_of_3_levels]",
    ),
    Mutation(
        "the limit of a setting",
        "helpers/settings.py",
        ('"high": 255,', '"high": 254,'),
        f"{ENGINE}robust.py::test_black_to_white_is_found_at_any_ignore_below",
    ),
    Mutation(
        "a row more is another scale",
        "helpers/fitting.py",
        ("(scaled and fits < alike(", "(scaled and fits < 2 * alike("),
        f"{ENGINE}fitting.py::test_a_row_more_is_not_taken_for_another_scale",
    ),
    Mutation(
        "another scale is rows more",
        "helpers/fitting.py",
        ("(scaled and fits < alike(", "(scaled and 2 * fits < alike("),
        f"{ENGINE}fitting.py::test_a_page_that_was_really_scaled_by_one_row_is",
    ),
    Mutation(
        "other pictures fit",
        "helpers/fitting.py",
        ("ALIKE = 0.5 ", "ALIKE = 0.0 "),
        f"{ENGINE}fitting.py::test_other_pictures_are_refused_with_both_sizes_and_what_to_do",
    ),
    Mutation(
        "a box of a turned picture",
        "helpers/fitting.py",
        ("Box(y, across - x - width, height, width)", "Box(y, x, height, width)"),
        f"{ENGINE}fitting.py::test_a_box_covers_what_becomes_it",
    ),
    Mutation(
        "a box of a reduced picture is cut short",
        "helpers/fitting.py",
        ("-(-(start + length) * full // size)", "(start + length) * full // size"),
        f"{ENGINE}fitting.py::test_a_box_covers_what_becomes_it",
    ),
    Mutation(
        "a canvas without limit",
        "helpers/fitting.py",
        ("if height * width > most:", "if height * width > 100 * most:"),
        f"{ENGINE}fitting.py::test_a_canvas_beyond_all_limits_is_refused",
    ),
    Mutation(
        "rows are removed where blank lines leave it open",
        "helpers/fitting.py",
        ("BETTER = 0.7 ", "BETTER = 9.9 "),
        f"{ENGINE}fitting.py::test_rows_are_missing_at_the_edge_where_nothing_tells_otherwise",
    ),
    Mutation(
        "the larger picture is placed the wrong way round",
        "helpers/offset.py",
        ("Offset(-found.x, -found.y, found.alike)", "Offset(-found.x, found.y, found.alike)"),
        f"{ENGINE}offset.py::test_what_each_has_beside_the_other_is_found_to_the_pixel",
    ),
    Mutation(
        "of places that fit alike any",
        "helpers/offset.py",
        ("if found[y0, x0] >= best - EQUAL:", "if found[y0, x0] > best:"),
        f"{ENGINE}offset.py::test_of_places_that_fit_alike_the_upper_left_is_taken",
    ),
    Mutation(
        "places to ignore are not brought along",
        "helpers/robust.py",
        ("left_out = fit.bring_mask(left_out)", "left_out = np.zeros(first.shape[:2], np.uint8)"),
        f"{ENGINE}fitting.py::test_places_to_ignore_are_those_of_the_first_picture",
    ),
    Mutation(
        "opacity is not brought along",
        "helpers/opacity.py",
        ("comparison.fit.bring(1, second)", "comparison.fit.bring(1, 255 | second)"),
        f"{ENGINE}fitting.py::test_opacity_is_compared_at_another_scale",
    ),
    Mutation(
        "boxes of a reduced picture are scored as they are",
        "helpers/scoring/scores.py",
        ("fit.box_in(0, box) if fit else box", "box"),
        "tests/app/test_evaluate.py::"
        "test_true_boxes_are_in_pixels_of_the_first_picture_whatever_the_sizes",
    ),
    Mutation(
        "a sheet draws boxes on a picture of another size",
        "helpers/scoring/sheet.py",
        ("is_one_size = first.shape == second.shape", "is_one_size = True"),
        "tests/app/test_evaluate.py::test_a_sheet_shows_pairs_of_two_sizes",
    ),
    Mutation(
        "the rows of a band are upside down",
        "helpers/layout.py",
        ("else start + np.arange(band.length)", "else start + np.arange(band.length)[::-1]"),
        f"{ENGINE}layout.py::test_each_line_of_both_pictures_is_on_the_canvas_once",
    ),
    Mutation(
        "what was pushed out has a box",
        "helpers/layout.py",
        ("if band.is_shared or (is_edge and _keeps_length(bands)):", "if band.is_shared:"),
        f"{ENGINE}layout.py::test_what_is_pushed_out_of_a_picture_of_the_same_size_is_told_and_not_boxed",
    ),
    Mutation(
        "an empty row at the edge has a box",
        "helpers/layout.py",
        ("if not (is_edge and goes_on(pictures[which], lines)):", "if True:"),
        f"{ENGINE}layout.py::test_an_empty_row_at_the_edge_is_told_and_not_boxed",
    ),
    Mutation(
        "what is to be ignored stays where it was",
        "helpers/robust.py",
        ("layout.place_mask(left_out)", "np.zeros_like(single)"),
        f"{ENGINE}layout.py::test_what_is_to_be_ignored_moves_with_the_page",
    ),
    Mutation(
        "cuts stay where rows voted for them",
        "helpers/bands.py",
        ("slide = allowed[len(allowed) // 2]", "slide = 0"),
        f"{ENGINE}layout.py::test_a_cut_that_nothing_tells_is_in_the_middle",
    ),
    Mutation(
        "a swapped band is removed and inserted",
        "helpers/bands.py",
        ("moved = _pair_moved(bands, inner, rows)", "moved = {}"),
        f"{ENGINE}layout.py::test_swapped_bands_are_told_and_not_boxed",
    ),
    Mutation(
        "another light votes for a shift",
        "helpers/rows.py",
        ("means - means.mean(axis=1, keepdims=True)", "means"),
        f"{ENGINE}layout.py::test_another_level_of_light_on_a_ramp_is_no_shift",
    ),
    Mutation(
        "lines that are nearly alike do not vote",
        "helpers/rows.py",
        ("AGREE = 0.3", "AGREE = 3.0"),
        f"{ENGINE}layout.py::test_lines_that_are_nearly_alike_are_told_apart",
    ),
    Mutation(
        "true boxes never are on a canvas",
        "helpers/scoring/scores.py",
        ("width, height = pair.canvas or (width, height)", "pass"),
        "tests/scoring/test_pairs_and_scoring.py"
        "::test_true_boxes_may_be_on_a_canvas_of_both_pictures",
    ),
    Mutation(
        "a thing on its ground is a band",
        "helpers/bands.py",
        (
            "return all(_is_plain(band, first, second) for band in out)",
            "return False",
        ),
        f"{ENGINE}layout.py::test_a_thing_that_moved_on_its_ground_is_no_band",
    ),
    Mutation(
        "a box of the generator stays where it was",
        "helpers/challenge/rearranged.py",
        ("return [x, y + sum(band.length for band in above), width, height]", "return [*box]"),
        "tests/challenge/test_make_pairs.py::test_only_in_its_boxes_does_a_rearranged_pair_differ",
    ),
    Mutation(
        "a picture on its side",
        "helpers/fitting.py",
        ("(90, 270)) or [90, 270]", "(90, 90)) or [90, 270]"),
        f"{ENGINE}fitting.py::test_a_picture_on_its_side_is_turned_the_right_way",
    ),
    Mutation(
        "a compared file is overwritten",
        "helpers/results.py",
        ("os.path.samestat(there, status)", "path == file"),
        f"{ENGINE}compare.py::test_save_never_replaces_what_was_compared",
    ),
    Mutation(
        "a compared file that comes by the standard input is overwritten",
        "helpers/results.py",
        ("os.fstat(0) if path == STANDARD_INPUT else path.stat()", "path.stat()"),
        f"{ENGINE}results.py::test_the_file_behind_the_standard_input_is_kept",
    ),
    Mutation(
        "planted parts are looked at without end",
        "helpers/results.py",
        ("islice(found, most)", "found"),
        f"{ENGINE}results.py::test_what_is_planted_in_parts_is_looked_at_in_bounded_numbers",
    ),
    Mutation(
        "a pipe that drips",
        "helpers/files.py",
        ("    if left <= PATIENCE:", "    if False:"),
        f"{ENGINE}files.py::test_a_pipe_that_drips_is_given_up",
    ),
    Mutation(
        "compare forgets the files",
        "helpers/methods.py",
        ("comparison, paths=paths,", "comparison, paths=(),"),
        f"{ENGINE}compare.py::test_save_never_replaces_what_was_compared",
    ),
)

COMMAND = (
    Mutation(
        "the exit status",
        "helpers/app/two_pictures.py",
        ('return terminal.DIFFERENT, ""\n    if comp', 'return terminal.SAME, ""\n    if comp'),
        "tests/app/test_cli.py::test_different",
    ),
    Mutation(
        "what moved elsewhere passes limits of pixels",
        "helpers/app/two_pictures.py",
        ("if comparison.layout and comparison.layout.is_reordered:", "if False:"),
        "tests/app/test_cli.py::test_what_is_in_another_place_passes_no_limit_of_pixels",
    ),
    Mutation(
        "a part of a picture is matched by no rows",
        "helpers/rows.py",
        ("min(map(len, self.signatures)) < VOTES", "len(self.signatures[1]) < VOTES"),
        "tests/engine/test_layout.py::test_a_picture_that_is_a_part_of_the_other_is_compared_both_ways",
    ),
    Mutation(
        "a verdict that always passes",
        "helpers/app/two_pictures.py",
        ('("exact", "rendered")', "()"),
        "tests/app/test_cli.py::test_exit_status_of_each_verdict",
    ),
    Mutation(
        "a gate that lets nothing pass",
        "helpers/app/two_pictures.py",
        ("if changed > most", "if changed >= most"),
        "tests/app/test_cli.py::test_a_little_may_pass",
    ),
    Mutation(
        "an alignment that moves nothing",
        "helpers/comparison.py",
        (" or not _moves(self.alignment, self.mask.shape)", ""),
        f"{ENGINE}compare.py::test_an_alignment_that_moves_nothing_is_not_remarked",
    ),
    Mutation(
        "a remark that the notebook has not",
        "helpers/comparison.py",
        ("(self.summary(), *self.remarks)", "(self.summary(),)"),
        "tests/app/test_same_words.py::test_the_four_places_say_the_same",
    ),
    Mutation(
        "remarks of other settings",
        "helpers/app/own_pictures.py",
        ('            self._kept.observe(self._remark, names=["frame"])\n', ""),
        "tests/app/test_own_pictures.py::test_the_comparison_follows_the_sliders",
    ),
    Mutation(
        "small pieces of the recipe",
        "helpers/methods.py",
        ("_large_pieces(differing, least) if least > 1 else differing", "differing"),
        "tests/app/test_cli.py::test_min_pixels",
    ),
    Mutation(
        "a result that cannot be printed",
        "helpers/app/terminal.py",
        ("if type(stream) is not TextIOWrapper:", "if stream:"),
        "tests/app/test_cli.py::test_the_exit_status_survives_the_end_of_the_process",
    ),
    Mutation(
        "a failing import",
        "helpers/app/cli.py",
        ("except (Exception, SystemExit) as error:", "except ZeroDivisionError as error:"),
        "tests/app/test_cli.py::test_a_failing_import_is_not_different",
    ),
    Mutation(
        "a name that moves the cursor",
        "helpers/errors.py",
        ("if c.isprintable() else", "if c else"),
        "tests/engine/test_errors.py::test_names_reach_no_terminal_as_they_are",
    ),
    Mutation(
        "a field of the JSON",
        "helpers/comparison.py",
        ('"boxes": [list(box)', '"box": [list(box)'),
        "tests/app/test_cli.py::test_json",
    ),
    Mutation(
        "the worst of the pages",
        "helpers/app/page_by_page.py",
        ("self.status = max(self.status, status)", "self.status = status"),
        "tests/app/test_page_by_page.py::test_a_page_that_cannot_be_compared_is_trouble",
    ),
    Mutation(
        "a report of pages without an end",
        "helpers/app/report.py",
        (" < MOST_SHOWN and not page.is_same", " < 9**9 and not page.is_same"),
        "tests/app/test_page_by_page.py::test_a_report_of_many_pages_shows_the_first_that_differ",
    ),
    Mutation(
        "progress where there is no terminal",
        "helpers/app/terminal.py",
        ("and stream.isatty() else None", "else None"),
        "tests/app/test_page_by_page.py::test_a_pdf_comes_from_the_standard_input",
    ),
    Mutation(
        "a report without escaping",
        "helpers/app/report.py",
        ("autoescape=True", "autoescape=False"),
        "tests/app/test_report.py::test_names_and_settings_are_shown_as_they_are",
    ),
    Mutation(
        "the mark of a report",
        "helpers/app/report.html",
        ("{{ mark | safe }}\n", ""),
        "tests/app/test_report.py::test_a_report_is_written_and_replaced",
    ),
    Mutation(
        "a half-written report",
        "helpers/results.py",
        ("    part.mkdir()\n", "    part = folder\n"),
        f"{ENGINE}results.py::test_a_file_is_written_and_replaced_with_the_usual_permissions",
    ),
    Mutation(
        "pictures of somebody else are replaced",
        "helpers/results.py",
        ("        elif file.read(len(mark) - 8) == mark[8:]:", "        else:"),
        f"{ENGINE}results.py::test_a_picture_of_somebody_else_never_looks_like_ours",
    ),
    Mutation(
        "a file is written through a link",
        "helpers/results.py",
        ("            new.replace(target)\n", "            target.write_bytes(new.read_bytes())\n"),
        f"{ENGINE}results.py::test_what_is_in_the_place_of_a_file",
    ),
    Mutation(
        "one of four pictures is replaced",
        "helpers/results.py",
        ("list(files)[:-1] if", "list(files)[:-2] if"),
        f"{ENGINE}results.py::test_when_one_rename_fails_all_four_stay",
    ),
    Mutation(
        "leftovers stay",
        "helpers/results.py",
        ("    _clear(folder)\n", ""),
        f"{ENGINE}results.py::test_only_what_a_killed_run_left_is_cleared",
    ),
    Mutation(
        "files of the user are cleared",
        "helpers/results.py",
        ("_remove(part, _is_leftover, ", "_remove(part, lambda *_: True, "),
        f"{ENGINE}results.py::test_only_what_a_killed_run_left_is_cleared",
    ),
    Mutation(
        "the part of a living run is cleared",
        "helpers/results.py",
        (
            "    except BlockingIOError:\n        return False",
            "    except BlockingIOError:\n        return True",
        ),
        f"{ENGINE}results.py::test_a_part_that_is_being_written_is_left_alone",
    ),
    Mutation(
        "what the encoder answers",
        "helpers/encoding.py",
        ("    if not done:\n", "    if done is None:\n"),
        f"{ENGINE}encoding.py::test_what_opencv_answers_is_looked_at",
    ),
    Mutation(
        "a page that opens with the cookie",
        "helpers/app/server.py",
        ("self.token_authenticated if isinstance(self, VoilaHandler) else self", "self"),
        "tests/app/test_server.py::test_who_is_let_in",
    ),
    Mutation(
        "files without the token",
        "helpers/app/server.py",
        ("auth_enabled and not enters:", "auth_enabled and enters is False:"),
        "tests/app/test_server.py::test_who_is_let_in",
    ),
    Mutation(
        "a theme of the address",
        "helpers/app/server.py",
        ('"allow_theme_override": "NO"', '"allow_theme_override": "YES"'),
        "tests/app/test_server.py::test_options_that_are_given_win",
    ),
    Mutation(
        "any name of this computer",
        "helpers/app/server.py",
        ('"allow_remote_access": self.ip not in LOOPBACK', '"allow_remote_access": True'),
        "tests/app/test_server.py::test_who_is_let_in",
    ),
    Mutation(
        "a message whose parts overlap",
        "helpers/app/server.py",
        ("return offsets == sorted(offsets) and", "return"),
        "tests/app/test_server.py::test_other_messages_are_not_whole",
    ),
    Mutation(
        "one kernel too many",
        "helpers/app/server.py",
        (">= self.most:", "> self.most:"),
        "tests/app/test_server.py::test_no_more_kernels_start_than_may",
    ),
    Mutation(
        "a picture that is bounded across only",
        "helpers/encoding.py",
        ("if columns > width or rows > height:", "if columns > width:"),
        "tests/app/test_thin_pictures.py",
    ),
    Mutation(
        "pictures of an earlier pair are kept",
        "helpers/viewer/explorer.py",
        ("self._render = self.current = None", "self._render = None"),
        "tests/viewer/test_explorer.py::test_an_emptied_explorer_forgets_its_pictures_and_begins_at_the_start",
    ),
    Mutation(
        "a widget for each pair",
        "helpers/app/own_pictures.py",
        ("        if self._kept:\n", "        if False:\n"),
        "tests/app/test_own_pictures.py::test_pair_after_pair_leaves_nothing_behind",
    ),
    Mutation(
        "an upload that is never finished",
        "helpers/app/picker.py",
        (
            '        if kind != "chunk":\n            self._upload = None',
            "        if False:\n            pass",
        ),
        "tests/app/test_picker.py::test_a_file_that_never_came_to_its_end_is_not_kept",
    ),
    Mutation(
        "a file outside the folder of the app",
        "helpers/app/picker.py",
        ("if name not in self._listed():", "if not name:"),
        "tests/app/test_picker.py::test_no_other_name_is_opened",
    ),
)

SCORES = (
    Mutation(
        "IoU",
        "helpers/scoring/scores.py",
        ("across * down - shared", "across * down"),
        "tests/scoring/test_pairs_and_scoring.py::test_overlap_by_hand",
    ),
    Mutation(
        "candidates for a match",
        "helpers/scoring/scores.py",
        ("best = _best(overlaps, iou, len(truth))", "best = _best(overlaps, iou, 1)"),
        "tests/scoring/test_pairs_and_scoring.py::test_matches_are_those_of_all_overlaps_sorted",
    ),
    Mutation(
        "no list of boxes is an unchanged pair",
        "helpers/scoring/pairs.py",
        ("if not isinstance(values, list):", "if values is None:"),
        "tests/scoring/test_pairs_and_scoring.py::test_entries_that_make_no_sense",
    ),
    Mutation(
        "where the pictures of a pair are",
        "helpers/scoring/pairs.py",
        ("os.path.join(folder, value)", "value"),
        "tests/scoring/test_pairs_and_scoring.py::test_load_pairs",
    ),
    Mutation(
        "the contact sheet",
        "helpers/scoring/sheet.py",
        ("THIN if n in right else THICK", "THICK if n in right else THIN"),
        "tests/app/test_evaluate.py::test_sheet_draws_a_wrong_box_thick",
    ),
    Mutation(
        "the order of a challenge",
        "helpers/challenge/judge.py",
        ("np.random.default_rng(self.seed).permutation(pairs).tolist()", "list(range(pairs))"),
        "tests/challenge/test_challenge.py::test_the_order_does_not_tell_what_is_unchanged",
    ),
    Mutation(
        "a secret that is drawn from nothing",
        "helpers/challenge/judge.py",
        ("secrets.randbits(SECRET_BITS)", "SECRET_BITS"),
        f"{CHALLENGE}fresh_pairs_are_others_each_time_and_the_same_while_their_judge_lives",
    ),
    Mutation(
        "fresh pairs go on as others",
        "helpers/challenge/client.py",
        ("self._is_over = self.seed is None", "self._is_over = False"),
        f"{CHALLENGE}fresh_pairs_end_with_their_judge",
    ),
    Mutation(
        "junk ends the judge",
        "helpers/challenge/judge.py",
        ("except (ValueError, RecursionError):", "except UnicodeError:"),
        f"{CHALLENGE}a_request_that_is_none_is_answered_in_words_and_the_judge_goes_on",
    ),
    Mutation(
        "a forked process reads from the judge of another",
        "helpers/challenge/client.py",
        ("if os.getpid() != self._owner:", "if os.getpid() == 0:"),
        f"{CHALLENGE}a_forked_process_leaves_the_judge_alone",
    ),
    Mutation(
        "a result made by hand",
        "helpers/course/lessons/lesson_15.py",
        ("if not was_scored(answer):", "if not answer.method:"),
        f"{CHALLENGE}a_result_that_was_made_by_hand_is_not_taken",
    ),
    Mutation(
        "fresh pairs of the half that one tunes on",
        "helpers/challenge/judge.py",
        ("& ~1 if seed is None", "| 1 if seed is None"),
        f"{CHALLENGE}the_secret_is_drawn_from_the_system_and_is_in_no_answer",
    ),
    Mutation(
        "a photograph of both halves",
        "helpers/challenge/scenes.py",
        ('"coins.png"', '"moon.png"'),
        f"{MADE}nothing_serves_both_tuning_and_reporting",
    ),
    Mutation(
        "a seed takes the other half",
        "helpers/challenge/make_pairs.py",
        (
            "plan, sources = SETS[name], sources_of(seed)",
            "plan, sources = SETS[name], sources_of(2)",
        ),
        f"{MADE}a_pair_is_of_the_half_of_its_seed",
    ),
    Mutation(
        "a page painted again from nothing",
        "helpers/challenge/sheets.py",
        ("ground=paint(shapes, ", "ground=paint(shapes[:1], "),
        f"{MADE}each_kind_of_wide_change",
    ),
    Mutation(
        "the part of a wide change",
        "helpers/challenge/wide.py",
        ("float((difference > 0).mean())", "float((difference > low).mean())"),
        f"{MADE}a_wide_change_is_as_its_entry_says",
    ),
    Mutation(
        "a small change too faint",
        "helpers/challenge/small.py",
        ("CONTRAST = (10, 200)", "CONTRAST = (4, 200)"),
        f"{MADE}small_changes_are_tight_and_have_enough_contrast",
    ),
    Mutation(
        "neighbours that are one",
        "helpers/challenge/small.py",
        ("        if joint:", "        if not joint:"),
        f"{MADE}neighbours_are_as_far_apart_as_the_entry_says",
    ),
    Mutation(
        "a lens that bends the other way",
        "helpers/challenge/nuisances.py",
        ("straight + places - _bend(", "straight - places + _bend("),
        f"{MADE}boxes_stay_true_behind_a_lens",
    ),
    Mutation(
        "a camera tilted twice as far",
        "helpers/challenge/nuisances.py",
        ("cv2.Rodrigues(angle * axis)", "cv2.Rodrigues(2 * angle * axis)"),
        f"{MADE}a_tilt_foreshortens_across_its_axis",
    ),
    Mutation(
        "false alarms of a challenge",
        "helpers/challenge/judge.py",
        ('"false_alarms": sum(map(bool, unchanged))', '"false_alarms": len(unchanged)'),
        "tests/challenge/test_challenge.py::test_the_true_boxes_score_one",
    ),
    Mutation(
        "a true box",
        "images/pairs.json",
        ("     593,\n", "     594,\n"),
        f"{HOUSE}images.py::test_true_boxes_hold_every_changed_pixel_and_fit_tightly[01]",
    ),
    Mutation(
        "pixels of a pair",
        "images/modified_01.png",
        in_picture(white_dots),
        f"{HOUSE}images.py::test_true_boxes_hold_every_changed_pixel_and_fit_tightly[01]",
    ),
    Mutation(
        "the hash of a network",
        "helpers/deep/networks/networks.json",
        ('"55b8a40c', '"55b8a40d'),
        "tests/deep/test_network.py::test_networks_are_small_and_say_how_they_were_made",
    ),
    Mutation(
        "an address that looks like a brand's",
        "helpers/deep/phishing.py",
        ('host.endswith("." + domain)', "host.endswith(domain)"),
        "tests/deep/test_phishing.py::test_addresses_that_only_look_like_it",
    ),
)

FILES = (
    Mutation(
        "the summary in the README",
        "README.md",
        ("Outlines, holes, points, areas.", "Outlines, holes and areas."),
        f"{HOUSE}documents.py::test_table_of_the_readme_is_what_the_notebooks_say",
    ),
    Mutation(
        "a thumbnail",
        "docs/pictures/lesson_02.png",
        in_picture(black_square),
        f"{HOUSE}documents.py::test_pictures_of_the_readme_are_fresh",
    ),
    Mutation(
        "the link to the next lesson",
        GRAY,
        ("[Measure structural similarity](03", "[Measure similarity](03"),
        f"{HOUSE}documents.py::test_each_lesson_links_to_the_next_as_that_one_says",
    ),
    Mutation(
        "a link of the README",
        "README.md",
        ("(notebooks/05_find_contours.ipynb)", "(notebooks/05_find_contour.ipynb)"),
        f"{HOUSE}documents.py::test_links_lead_somewhere",
    ),
    Mutation(
        "the order of the glossary",
        "notebooks/glossary.md",
        swap("**Aligned**", "**Balance**"),
        f"{HOUSE}documents.py::test_glossary_is_in_order",
    ),
    Mutation(
        "a font without its licence",
        "helpers/fonts/LICENSE-oxanium.txt",
        Path.unlink,
        f"{HOUSE}images.py::test_every_font_has_its_licence_beside_it",
    ),
    Mutation(
        "a wheel without a data file",
        "helpers/app/report.html",
        Path.unlink,
        f"{HOUSE}wheel.py::test_the_report_is_written",
    ),
    Mutation(
        "a docstring without a parameter",
        "helpers/boxes.py",
        ("    pad : int, optional\n", "    border : int, optional\n"),
        f"{HOUSE}documents.py::test_docstrings_name_every_parameter_and_what_comes_back",
    ),
    Mutation(
        "a docstring without a verb",
        "helpers/boxes.py",
        ('"""Draw boxes on a copy', '"""The boxes on a copy'),
        f"{HOUSE}docstrings.py::test_functions_begin_with_a_verb",
    ),
    Mutation(
        "an example that is false",
        "helpers/methods.py",
        (".is_same\n    False", ".is_same\n    True"),
        f"{HOUSE}doctests.py::test_examples[helpers.methods]",
    ),
    Mutation(
        "a wall",
        "helpers/boxes.py",
        ("    image = check_image(image)\n", "    from helpers.viewer import figures\n"),
        f"{HOUSE}walls.py::test_no_module_imports_through_a_wall",
    ),
    Mutation(
        "a way out of the package",
        "helpers/app/report.py",
        ("Path(__file__).with_suffix", "Path(__file__).parents[0].with_suffix"),
        f"{HOUSE}walls.py::test_only_places_looks_outside_its_room",
    ),
    Mutation(
        "matplotlib is loaded with helpers",
        "helpers/tone.py",
        ("import cv2\n", "import cv2\nimport matplotlib\n"),
        f"{HOUSE}walls.py::test_the_engine_loads_numpy_and_opencv_only",
    ),
)

SETUP = (
    Mutation(
        "the doctor finds one thing less",
        "helpers/course/doctor.py",
        ("if found in ([], [HEADLESS]):", "if HEADLESS in [*found, HEADLESS]:"),
        f"{COURSE}doctor.py::test_two_opencvs",
    ),
    Mutation(
        "a verb without help",
        "start.py",
        ("       python start.py doctor ", "       python start.py "),
        f"{HOUSE}start.py::test_help_names_every_verb",
    ),
    Mutation(
        "packages without hashes",
        "helpers/course/environment.py",
        ('["--require-hashes", *', "[*"),
        f"{COURSE}set_up.py::test_first_start_does_all_steps_and_says_so",
    ),
    Mutation(
        "a .venv is removed before there is another",
        "helpers/course/environment.py",
        ("            venv.rename(aside)\n", "            remove(venv)\n"),
        f"{COURSE}set_up.py::test_a_step_that_fails_leaves_what_was_there",
    ),
    Mutation(
        "two starts at once",
        "helpers/course/environment.py",
        ("fcntl.LOCK_EX | fcntl.LOCK_NB", "fcntl.LOCK_SH | fcntl.LOCK_NB"),
        f"{COURSE}set_up.py::test_a_second_start_waits_until_the_first",
    ),
    Mutation(
        "pip installs into any Python",
        "helpers/course/environment.py",
        ('PIP_REQUIRE_VIRTUALENV="1"', 'PIP_REQUIRE_VIRTUALENV="0"'),
        f"{COURSE}set_up.py::test_nothing_is_installed_outside_a_venv",
    ),
    Mutation(
        "a lock is taken through a link",
        "helpers/course/environment.py",
        ('("NOFOLLOW", "NONBLOCK"', '("NONBLOCK"'),
        f"{COURSE}set_up.py::test_a_link_that_comes_between_is_not_followed",
    ),
    Mutation(
        "pack removes files of the reader",
        "helpers/course/wheelhouse.py",
        ("if path.name not in ours)", "if path.name in NOTE)"),
        f"{COURSE}wheelhouse.py::test_pack_keeps_files_of_the_reader_in_its_folder",
    ),
    Mutation(
        "a foreign PYTHONPATH reaches the course",
        "helpers/course/environment.py",
        ("PYTHON(PATH|HOME", "PYTHON(PATHS|HOME"),
        f"{HOUSE}start.py::test_a_foreign_module_in_pythonpath_does_not_stop_the_start",
    ),
    Mutation(
        "a wheel of the wheelhouse that nobody pinned",
        "helpers/course/wheelhouse.py",
        ("name not in BUILT or not", "not"),
        f"{COURSE}wheelhouse.py::test_what_is_wrong_with_a_wheelhouse_is_told_before_anything_is_changed",
    ),
    Mutation(
        "an address among the pins",
        "requirements.txt",
        append("--extra-index-url https://packages.example/simple"),
        f"{HOUSE}environment.py::test_pins_name_no_address[requirements.txt]",
    ),
    Mutation(
        "a pin that is not exact",
        "requirements.txt",
        ("\nimutils==", "\nimutils>="),
        f"{HOUSE}environment.py::test_every_pin_is_exact[requirements.txt]",
    ),
    Mutation(
        "a damaged header that is wrong in another way",
        "helpers/headers.py",
        ("except Exception as error:  # a damaged", "except KeyError as error:  # a damaged"),
        f"{HOUSE}fuzz.py::test_whatever_is_given_ends_in_an_answer_or_in_words[300]",
    ),
    Mutation(
        "a verb that is not there",
        ".github/workflows/test.yml",
        ("python start.py test", "python start.py tests"),
        f"{HOUSE}environment.py::test_workflows_run_what_there_is",
    ),
)

WORDS = "tests/engine/test_words.py::test_"
TOLD = (
    Mutation(
        "what was removed is told as added",
        "helpers/words.py",
        ("table[0, 1] * (values[1] -", "table[0, 1] * (values[0] -"),
        f"{WORDS}swapping_the_pictures_swaps_the_words",
    ),
    Mutation(
        "a move is told the wrong way round",
        "helpers/words.py",
        ("ends[1][axis] - ends[0][axis]", "ends[0][axis] - ends[1][axis]"),
        f"{WORDS}details_are_those_that_were_drawn",
    ),
    Mutation(
        "the end of a move is told once more",
        "helpers/words.py",
        ('if guess.kind == "end":', 'if guess.kind == "nothing":'),
        f"{WORDS}each_kind_is_told",
    ),
    Mutation(
        "a kind that is not sure is told",
        "helpers/words.py",
        ("sure = likely >= SURE and", "sure = likely >= 0 and"),
        f"{WORDS}each_box_is_in_one_change_and_none_is_outside",
    ),
    Mutation(
        "what is probable is told as certain",
        "helpers/words.py",
        ("if change.confidence < CERTAIN:", "if change.confidence < 0:"),
        f"{WORDS}each_box_is_in_one_change_and_none_is_outside",
    ),
    Mutation(
        "words are worked out for every comparison",
        "helpers/comparison.py",
        ("    @cached_property\n    def changes", "    @property\n    def changes"),
        f"{WORDS}words_are_worked_out_when_asked_and_once",
    ),
    Mutation(
        "a blur is looked for in one direction",
        "helpers/looks.py",
        ("(explain_by_blur(window, way)) for", "(explain_by_blur(window, 0)) for"),
        f"{WORDS}measures_swap_with_the_pictures",
    ),
)

BENCH = "tests/benchmarks/test_benchmarks.py::test_"
OUTSIDE = "tests/benchmarks/test_outside.py::test_"
BENCHMARKS = (
    Mutation(
        "a draw of the bootstrap has four times the pairs",
        "benchmarks/intervals.py",
        ("multinomial(pairs, ", "multinomial(4 * pairs, "),
        f"{BENCH}the_bootstrap_covers_the_truth_as_often_as_it_says",
    ),
    Mutation(
        "a kept mask is that of any threshold",
        "benchmarks/peers.py",
        ('f"{name} {threshold} {first.shape}"', 'f"{name} {first.shape}"'),
        f"{BENCH}masks_are_kept_by_tool_threshold_and_pictures",
    ),
    Mutation(
        "the smallest box is not tuned",
        "benchmarks/tune_peers.py",
        ("enough = area >= least", "enough = area >= 0"),
        f"{BENCH}tuning_finds_the_best_of_all_combinations",
    ),
    Mutation(
        "a wide change is found when all of it is",
        "benchmarks/accuracy.py",
        ("[any(hits)]", "[all(hits)]"),
        f"{BENCH}a_wide_change_is_found_where_a_box_touches_any_of_it",
    ),
    Mutation(
        "corners of DeepPCB are taken for sizes",
        "benchmarks/deep_pcb.py",
        ("right - left, bottom - top", "right, bottom"),
        f"{OUTSIDE}corners_of_deep_pcb_become_boxes",
    ),
    Mutation(
        "a damaged box of DeepPCB has no line",
        "benchmarks/deep_pcb.py",
        ('yield f"{path}, line {number}", line', 'yield f"{path}", line'),
        f"{OUTSIDE}a_damaged_checkout_is_told_by_file_and_line",
    ),
    Mutation(
        "antialiasing is a mark",
        "benchmarks/fixtures.py",
        ("(255, 0, 255), (0, 255, 0)", "(255, 0, 255), (0, 255, 0), (0, 255, 255)"),
        f"{OUTSIDE}what_an_expected_picture_marks",
    ),
    Mutation(
        "red that both pictures have is a mark",
        "benchmarks/fixtures.py",
        ("return marked & (first != second)", "return marked | (first != second)"),
        f"{OUTSIDE}red_that_both_pictures_have_is_no_mark",
    ),
    Mutation(
        "boxes are held beside an expected picture of another size",
        "benchmarks/fixtures.py",
        ("comparison.box_in(which, box) for", "comparison.box_in(0, box) for"),
        f"{OUTSIDE}boxes_count_in_the_picture_that_has_the_expected_size",
    ),
    Mutation(
        "what is refused is compared",
        "benchmarks/fixtures.py",
        ('compared = [o for o in outcomes if o.verdict != "refused"]', "compared = outcomes"),
        f"{OUTSIDE}fixtures_are_summed_up_with_intervals_and_told_one_by_one",
    ),
    Mutation(
        "boxes of two sizes are scored where they were compared",
        "benchmarks/accuracy.py",
        ("return boxes_in_first(comparison)", "return comparison.boxes"),
        f"{OUTSIDE}boxes_of_two_sizes_are_scored_in_the_first",
    ),
)

MUTATIONS = (
    *(*STORED, *LESSONS, *EXERCISES, *QUIZ, *SLIDERS, *STEPS),
    *(*HOSTILE, *ROBUST, *COMMAND, *SCORES, *FILES, *SETUP),
    *TOLD,
    *BENCHMARKS,
)
