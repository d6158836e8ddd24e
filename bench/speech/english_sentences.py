"""What an English voice says to the listener: eighty sentences, because over twenty its word errors vary by half."""

from typing import Final

from bench.encoder.recordings import SENTENCES

_HARVARD: Final = (
    "The birch canoe slid on the smooth planks.",
    "Glue the sheet to the dark blue background.",
    "These days a chicken leg is a rare dish.",
    "Rice is often served in round bowls.",
    "The juice of lemons makes fine punch.",
    "The box was thrown beside the parked truck.",
    "The hogs were fed chopped corn and garbage.",
    "Four hours of steady work faced us.",
    "A large size in stockings is hard to sell.",
    "The boy was there when the sun rose.",
    "A rod is used to catch pink salmon.",
    "The source of the huge river is the clear spring.",
    "Kick the ball straight and follow through.",
    "Help the woman get back to her feet.",
    "A pot of tea helps to pass the evening.",
    "Smoky fires lack flame and heat.",
    "The soft cushion broke the man's fall.",
    "The salt breeze came across from the sea.",
    "The girl at the booth sold fifty bonds.",
    "The small pup gnawed a hole in the sock.",
)
"""The first two of the Harvard lists (IEEE Recommended Practice for Speech Quality Measurements, 1969)."""

_EVERYDAY: Final = (
    "You can change the setting in the menu at the top of the page.",
    "The meeting starts at nine in the morning, and it will take about two hours.",
    "If the light stays red, please wait for a minute and try again.",
    "My sister bought a new bicycle, because the old one was broken.",
    "We should leave early, since the traffic is always bad on Fridays.",
    "The recipe needs three eggs, a cup of flour and some butter.",
    "He forgot to close the window, so the carpet got wet.",
    "There are seven planets that you can see without a telescope.",
    "Most people drink coffee after breakfast, but I prefer tea.",
    "The train to the city leaves from the second platform.",
    "Thank you for calling, how can I help you today?",
    "The library closes at eight, but the reading room stays open until ten.",
    "A square has four sides of the same length.",
    "Water boils at a lower temperature high in the mountains.",
    "You can find the answer in the third chapter of the book.",
    "Please save your work before you restart the computer.",
    "The bridge was built more than one hundred years ago.",
    "My favorite season is autumn, because the leaves turn red and gold.",
    "They walked along the beach and collected small shells.",
    "The doctor said that she should rest for a few days.",
    "If you mix blue and yellow paint, you get green.",
    "The museum is free on the first Sunday of every month.",
    "He played the guitar while his friends were singing.",
    "A healthy breakfast gives you energy for the whole morning.",
    "The package will arrive on Tuesday or Wednesday.",
    "Turn left at the corner and walk past the old church.",
    "The cat slept on the warm roof all afternoon.",
    "We planted tomatoes and beans in the back garden.",
    "Light travels much faster than sound.",
    "The teacher wrote the question on the board.",
    "There is no easy way to explain this problem.",
    "I would choose the smaller one, since it is cheaper and just as good.",
    "The team won the game in the last minute.",
    "Bread, cheese and apples are enough for lunch.",
    "The moon moves around the earth in about one month.",
    "She opened the letter and read it twice.",
    "It rained for three days, and then the sky was clear again.",
    "Most birds build their nests in the spring.",
    "The engine makes a strange noise when it is cold.",
    "Remember to lock the door when you leave the house.",
)

ENGLISH: Final = (*SENTENCES, *_HARVARD, *_EVERYDAY)
"""All of them."""
